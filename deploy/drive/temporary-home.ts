import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A throw-away home for a system; Postgres's own user may enter it. Kept when BANSO_KEEP_HOME is set, for its logs. */
export const temporaryHome = (purpose: string): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), `banso-${purpose}-`))
  chmodSync(path, 0o755)
  const keep = process.env['BANSO_KEEP_HOME'] !== undefined
  const remove = (): void => {
    if (!keep) rmSync(path, { recursive: true, force: true })
  }
  return { path, remove }
}
