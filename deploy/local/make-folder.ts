import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/** As `mkdir -p`. Node's own never returns where a file system makes no folders, as /proc; this throws its ENOENT. */
export const makeFolder = (folder: string, mode?: number): void => {
  if (existsSync(folder)) return
  makeFolder(dirname(folder), mode)
  mkdirSync(folder, { mode })
}
