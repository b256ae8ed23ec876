import { chmodSync, existsSync, mkdtempSync, statfsSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/dev/shm'
const TMPFS = 0x01_02_19_94
const LEAST_BYTES = 8 * 2 ** 30

/** Stores and logs of tests are some gigabytes that nobody reads again: in memory where there is plenty, else on the disk. */
export const makeMemoryFolder = (
  /** TMPDIR: what somebody has chosen stays. */
  named: string | undefined,
  { within = MEMORY, leastBytes = LEAST_BYTES } = {},
): string | undefined => {
  if (process.platform !== 'linux' || named || !existsSync(within)) return undefined
  const { type, bsize, bavail } = statfsSync(within)
  if (type !== TMPFS || Math.min(bsize * bavail, process.availableMemory()) < leastBytes) return undefined
  const folder = mkdtempSync(join(within, 'banso-tests-'))
  chmodSync(folder, 0o1777) // Postgres is another user where root runs the tests
  return folder
}
