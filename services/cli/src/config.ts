// Where the services are and which tokens open them: the environment, else the data folder (`.banso`) of an installation.
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { CommandError, EXIT } from './exit-codes.ts'
import { isObject, parseJson } from './json.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const accountName = (): string | undefined => {
  try {
    return userInfo().username
  } catch {
    return undefined // a user id without an account, as containers have it
  }
}

/** Where nothing says who the user is (services, containers), the machine's list of users does. */
export const environment = (own: Environment = process.env): Environment => ({ LOGNAME: accountName(), ...own })

/** The Node that runs this: `v24.1.0`. */
export const nodeVersion = process.version

export const userOf = (env: Environment): string | undefined => env['USER'] || env['LOGNAME'] || undefined

/** The services that have an API of their own. */
export const services = ['ingestion', 'accounts', 'health', 'journeys', 'playbooks'] as const
export type ServiceName = (typeof services)[number]

export interface Settings {
  /** The folder that was read; null when there is none. */
  readonly home: string | null
  readonly urls: ReadonlyMap<string, string>
  readonly tokens: ReadonlyMap<string, string>
  /** By service: why its address or its token cannot be used. The others can. */
  readonly faults: ReadonlyMap<string, CommandError>
}

export const urlVariable = (name: string): string => `BANSO_${name.toUpperCase()}_URL`
export const tokenVariable = (service: string): string => `BANSO_SERVICE_TOKEN_${service.toUpperCase()}`

const read = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (fault) {
    if (isObject(fault) && (fault['code'] === 'ENOENT' || fault['code'] === 'ENOTDIR')) return undefined
    throw new CommandError(EXIT.usage, `cannot read ${file}`, [String(fault)])
  }
}

const isHome = (folder: string): boolean =>
  read(join(folder, 'secrets')) !== undefined || read(join(folder, 'addresses.json')) !== undefined

const findUpward = (folder: string): string | null => {
  if (isHome(join(folder, '.banso'))) return join(folder, '.banso')
  const parent = dirname(folder)
  return parent === folder ? null : findUpward(parent)
}

const findHome = (env: Environment, folder: string, given: string | undefined): string | null => {
  const named = given ?? (env['BANSO_HOME'] || undefined)
  if (named === undefined) return findUpward(resolve(folder))
  const home = resolve(folder, named)
  if (!isHome(home))
    throw new CommandError(EXIT.usage, `${home} holds neither secrets nor addresses of an installation`)
  return home
}

/** Lines `NAME=value`; blank ones and those that begin with `#` are passed over. */
export const parseSecrets = (text: string): Map<string, string> => {
  const lines = text.split('\n').map((line) => line.trim())
  const pairs = lines.filter((line) => line.includes('=') && !line.startsWith('#'))
  return new Map(pairs.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
}

const parseAddresses = (file: string): Map<string, string> => {
  const text = read(file)
  if (text === undefined) return new Map()
  const addresses = parseJson(text)
  if (!isObject(addresses)) throw new CommandError(EXIT.usage, `${file} is not a JSON object of addresses`)
  return new Map(Object.entries(addresses).flatMap(([name, url]) => (typeof url === 'string' ? [[name, url]] : [])))
}

const webAddress = (name: string, url: string): string => {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new CommandError(EXIT.usage, `the address of ${name} is not an http(s) URL: ${url}`)
  return url.replace(/\/+$/, '')
}

/** A token of the environment, or of the file that it names: a secret mounted into a container. */
const tokenOf = (env: Environment, service: string): string | undefined => {
  const name = tokenVariable(service)
  const file = env[`${name}_FILE`]
  if (env[name] || !file) return env[name] || undefined
  const text = read(file)
  if (text === undefined) throw new CommandError(EXIT.usage, `${name}_FILE names ${file}, which is not there`)
  return text.trim()
}

/** `home`: an installation's data folder; without it and BANSO_HOME, `.banso` is searched from `folder` upward. */
export const loadSettings = (env: Environment, folder: string, home?: string): Settings => {
  const found = findHome(env, folder, home)
  const secrets = found === null ? new Map<string, string>() : parseSecrets(read(join(found, 'secrets')) ?? '')
  const addresses = found === null ? new Map<string, string>() : parseAddresses(join(found, 'addresses.json'))
  const faults = new Map<string, CommandError>()
  const urls = collected(['capture', ...services], faults, (name) => {
    const url = env[urlVariable(name)] || addresses.get(name)
    return url && webAddress(name, url)
  })
  const tokens = collected(services, faults, (name) => tokenOf(env, name) || secrets.get(tokenVariable(name)))
  return { home: found, urls, tokens, faults }
}

/** What is found for each name; what is wrong with one is kept, and leaves the others. */
const collected = (
  names: readonly string[],
  faults: Map<string, CommandError>,
  find: (name: string) => string | undefined,
): Map<string, string> => {
  const values = new Map<string, string>()
  for (const name of names)
    try {
      const value = find(name)
      if (value) values.set(name, value)
    } catch (fault) {
      if (!(fault instanceof CommandError)) throw fault
      faults.set(name, fault)
    }
  return values
}
