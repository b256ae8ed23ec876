// The log files of a home: one per process, and the one before it as `.1`.
import { copyFileSync, renameSync, statSync, truncateSync } from 'node:fs'
import { join } from 'node:path'

const KEPT_BYTES = 20 * 1024 * 1024
const LOOK_EVERY_MS = 60_000

const isLong = (path: string, keptBytes: number): boolean =>
  (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > keptBytes

/** The log files of what runs here; a long one is put aside, so that each takes twice `keptBytes` at most. */
export class Logs {
  readonly #home: string
  readonly #say: (line: string) => void
  readonly #keptBytes: number
  readonly #paths = new Set<string>()
  #look: NodeJS.Timeout | undefined

  constructor(home: string, say: (line: string) => void, keptBytes = KEPT_BYTES) {
    this.#home = home
    this.#say = say
    this.#keptBytes = keptBytes
  }

  /** The file of a process that is about to start, which appends to it. */
  fileOf(name: string): string {
    const path = join(this.#home, 'logs', `${name}.log`)
    if (isLong(path, this.#keptBytes)) renameSync(path, `${path}.1`)
    this.#paths.add(path)
    return path
  }

  /** Looks after them while their processes run, until `close`. */
  open(): void {
    this.#look ??= setInterval(() => this.shorten(), LOOK_EVERY_MS)
    this.#look.unref()
  }

  close(): void {
    clearInterval(this.#look)
  }

  /** Puts aside what has grown long. Its process has the file open: it is emptied, and what is appended goes on in it. */
  shorten(): void {
    for (const path of this.#paths)
      try {
        if (!isLong(path, this.#keptBytes)) continue
        copyFileSync(path, `${path}.1`)
        truncateSync(path)
      } catch (fault) {
        this.#say(`${path} grows: ${fault instanceof Error ? fault.message : String(fault)}`)
      }
  }
}
