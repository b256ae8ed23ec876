// What the names of an installation's roles and databases begin with, on a Postgres that it may share with another.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { STANDARD_PREFIX } from './postgres.ts'
import { PreflightError } from './preflight.ts'
import type { Secrets } from './secrets.ts'

const NAME = 'BANSO_POSTGRES_PREFIX'

/** The prefix of a home. Its first start fixes it: under another one its data would not be found. */
export const prefixOf = (home: string, secrets: Secrets, wanted?: string): string => {
  if (wanted !== undefined && !/^[a-z][a-z0-9_]{0,30}$/.test(wanted))
    throw new PreflightError(
      `${NAME} is ${wanted}; it must be small letters, digits and underscores, at most 31, a letter first.`,
    )
  const started = existsSync(join(home, 'addresses.json')) ? STANDARD_PREFIX : undefined
  const kept = secrets.find(NAME) ?? started
  if (kept !== undefined && wanted !== undefined && kept !== wanted)
    throw new PreflightError(
      `${NAME} is ${wanted}, but the databases of ${home} begin with ${kept} since its first start: ` +
        'set that, or name another folder by BANSO_HOME.',
    )
  return kept ?? wanted ?? STANDARD_PREFIX
}

/** Once the databases are there. It stands beside the passwords that belong to them. */
export const keepPrefix = (secrets: Secrets, prefix: string): void => {
  if (prefix !== STANDARD_PREFIX && secrets.find(NAME) === undefined) secrets.set(NAME, prefix)
}
