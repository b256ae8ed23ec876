import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A throw-away home for a system; Postgres's own user may enter it. */
export const temporaryHome = (purpose: string): { path: string; remove(): void } => {
  const path = mkdtempSync(join(tmpdir(), `banso-${purpose}-`))
  chmodSync(path, 0o755)
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
