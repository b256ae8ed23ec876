import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statfsSync,
} from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const TMPFS = 0x01_02_19_94
const LEAST_BYTES = 8 * 2 ** 30
/** Of a process's start, in `/proc/<pid>/stat` after the name of its program. */
const STARTED = 19

/** Of a process that has gone, or is not ours, nothing is found. */
const found = (look: () => string): string | undefined => {
  try {
    return look()
  } catch {
    return undefined
  }
}

/** In clock ticks since the machine started: a later process of this number has another. */
const startOf = (pid: number | string): string | undefined => {
  const stat = found(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[STARTED]
}

/** Processes have their numbers within it: a container that shares the memory has another. */
const numberSpace = (): string | undefined => /\d+/.exec(found(() => readlinkSync('/proc/self/ns/pid')) ?? '')?.[0]

/** What a folder's name begins with: who made it. */
export const memoryFolderOf = (pid: number): string => `banso-tests-${numberSpace()}-${pid}-${startOf(pid)}-`
const NAME = /^banso-tests-(\d+)-(\d+)-(\d+)-\w+$/

/** Whether a process of a run that was killed, Jest or a store, still works in there. */
const isUsed = (folder: string): boolean =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const environment = found(() => readFileSync(`/proc/${pid}/environ`, 'utf8'))
      const directory = found(() => readlinkSync(`/proc/${pid}/cwd`))
      return environment?.split('\0').includes(`TMPDIR=${folder}`) === true || directory?.startsWith(folder) === true
    })

const isLeft = (name: string, folder: string): boolean => {
  const [whole, space, pid = '', started] = NAME.exec(name) ?? []
  return whole !== undefined && space === numberSpace() && startOf(pid) !== started && !isUsed(folder)
}

/** Takes away what runs left behind that were killed. */
const removeLeftFolders = (within: string): void => {
  for (const name of readdirSync(within)) {
    const folder = join(within, name)
    if (!isLeft(name, folder)) continue
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // another user's, or another run takes it away, too
    }
  }
}

/** Stores and logs of tests are some gigabytes that nobody reads again: in memory where there is plenty, else on the disk. */
export const makeMemoryFolder = (
  /** TMPDIR: what somebody has chosen stays. */
  named: string | undefined,
  { within = MEMORY, leastBytes = LEAST_BYTES } = {},
): string | undefined => {
  if (process.platform !== 'linux' || named || !existsSync(within)) return undefined
  removeLeftFolders(within)
  const { type, bsize, bavail } = statfsSync(within)
  if (type !== TMPFS || Math.min(bsize * bavail, process.availableMemory()) < leastBytes) return undefined
  const folder = mkdtempSync(join(within, memoryFolderOf(process.pid)))
  chmodSync(folder, 0o1777) // Postgres is another user where root runs the tests
  return folder
}
