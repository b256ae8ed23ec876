import { type FSWatcher, globSync, statSync, watch } from 'node:fs'
import { join } from 'node:path'

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
const below = (folder: string): string[] => globSync('**/*', { cwd: folder }).map((path) => join(folder, path))

const isGone = (fault: unknown): boolean =>
  typeof fault === 'object' && fault !== null && 'code' in fault && ['ENOENT', 'ENOTDIR'].includes(String(fault.code))

export interface Listener {
  readonly heard: (path: string) => void
  /** Of a folder that is there and cannot be watched, as where the system has no more watches to give. */
  readonly failed: (folder: string, fault: unknown) => void
}

/**
 * Tells the path of each file in a folder and below that is made, changed or removed, until the returned function is called.
 * Folders are watched one by one: Node's recursive watching loses a file on Linux when another takes its place, as editors do it.
 */
export const watchFolder = (root: string, { heard, failed }: Listener): (() => void) => {
  const watchers = new Map<string, FSWatcher>()
  const fail = (folder: string, fault: unknown): void => {
    if (!isGone(fault)) failed(folder, fault)
  }
  const listen = (folder: string): FSWatcher =>
    watch(folder, (event, name) => {
      if (name === null) return
      const path = join(folder, name)
      if (event === 'rename' && isFolder(path)) followNew(path)
      else heard(path)
    }).on('error', (fault) => fail(folder, fault))
  const follow = (folder: string): void => {
    watchers.get(folder)?.close() // of one that was there before
    try {
      watchers.set(folder, listen(folder))
    } catch (fault) {
      watchers.delete(folder)
      fail(folder, fault)
    }
  }
  const followNew = (folder: string): void => {
    follow(folder)
    for (const path of below(folder)) (isFolder(path) ? follow : heard)(path)
  }
  follow(root)
  below(root).filter(isFolder).forEach(follow)
  return () => watchers.forEach((watcher) => watcher.close())
}
