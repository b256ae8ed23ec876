// The running installation, found as the command `banso` finds it: BANSO_HOME, else `.banso` here or in a folder above.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Addresses } from '../local/ports.ts'

export interface Installation {
  readonly home: string
  readonly addresses: Addresses
  readonly secrets: { get(name: string): string }
  /** Port of this machine that mails go to; undefined: they go to a server of its own. */
  readonly mailPort: number | undefined
}

export class NoInstallationError extends Error {
  override readonly name = 'NoInstallationError'
}

const ANSWER_WITHIN_MS = 5_000
const ADDRESSES = 'addresses.json'
const SECRETS = 'secrets'

const upwardFrom = (folder: string): string | undefined => {
  const home = join(folder, '.banso')
  if (existsSync(join(home, ADDRESSES))) return home
  return folder === dirname(folder) ? undefined : upwardFrom(dirname(folder))
}

const secretsIn = (home: string): Installation['secrets'] => {
  const lines = readFileSync(join(home, SECRETS), 'utf8').split('\n')
  const values = new Map(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  return {
    get: (name) => {
      const value = values.get(name)
      if (value === undefined) throw new NoInstallationError(`${join(home, SECRETS)} has no ${name}`)
      return value
    },
  }
}

/** Throws a `NoInstallationError` where nothing was started yet, or it does not run now. */
export const findInstallation = async (homeGiven: string | undefined, folder: string): Promise<Installation> => {
  const home = homeGiven ? resolve(folder, homeGiven) : upwardFrom(folder)
  if (home === undefined || !existsSync(join(home, ADDRESSES)))
    throw new NoInstallationError(
      'no installation is here: start one with `npm start`, or name its folder by BANSO_HOME',
    )
  const { mail, ...addresses } = JSON.parse(readFileSync(join(home, ADDRESSES), 'utf8')) as Addresses & {
    mail?: string
  }
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS)
  const ready = await fetch(`${addresses.playbooks}/health/ready`, { signal }).catch(() => undefined)
  if (!ready?.ok) throw new NoInstallationError(`the installation in ${home} does not run: start it with \`npm start\``)
  return {
    home,
    addresses,
    secrets: secretsIn(home),
    mailPort: mail === undefined ? undefined : Number(new URL(mail).port),
  }
}
