// What can be known to fail before anything is started, said in one line each with its cure.
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import Type from 'typebox'
import {
  type KafkaSecurity,
  kafkaSecurity,
  kafkaSettings,
  securityWarning,
  withKafkaRules,
} from '../../libs/messaging/src/log/kafka/kafka-settings.ts'
import { ConfigError, type Environment, parseConfig } from '../../libs/platform/src/config/parse-config.ts'
import { platformSettings } from '../../libs/platform/src/config/platform-settings.ts'
import { makeFolder } from './make-folder.ts'
import { unknownSettings } from '../../libs/platform/src/config/unknown-settings.ts'

const LEAST_FREE_BYTES = 500 * 1024 * 1024
const LEAST_NODE_MAJOR = 24

export class PreflightError extends Error {
  override readonly name = 'PreflightError'
}

export const checkNode = (version: string): void => {
  if (Number(/^v(\d+)/.exec(version)?.[1]) < LEAST_NODE_MAJOR)
    throw new PreflightError(
      `Node ${version} is too old: Banso needs Node ${LEAST_NODE_MAJOR}, which \`npm ci\` installs; start it by \`npm start\`.`,
    )
}

export const checkSpace = (home: string, freeBytes = freeBytesOf(home)): void => {
  if (freeBytes < LEAST_FREE_BYTES)
    throw new PreflightError(
      `${home} has ${Math.floor(freeBytes / 1_048_576)} MB free; at least ${LEAST_FREE_BYTES / 1_048_576} MB are needed. ` +
        'Free some space, or set BANSO_HOME to a folder on another disk.',
    )
}

const freeBytesOf = (folder: string): number => {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

export interface CommonSettings {
  readonly brokers: string | undefined
  /** How an operator's Kafka is spoken to. */
  readonly kafka: KafkaSecurity
  /** Names that begin with BANSO_ and are no settings. */
  readonly unknown: readonly string[]
  readonly warnings: readonly string[]
}

/** The settings that every service reads: what is wrong with them is said once, and before anything is started. */
export const checkSettings = (env: Environment): CommonSettings => {
  const unknown = unknownSettings(env)
  const warnings = unknown.map(({ warning }) => warning)
  try {
    const settings = parseConfig(withKafkaRules(Type.Object({ ...platformSettings, ...kafkaSettings })), env)
    const kafka = kafkaSecurity(settings)
    const inClear = settings.KAFKA_BROKERS === undefined ? undefined : securityWarning(kafka)
    return {
      brokers: settings.KAFKA_BROKERS,
      kafka,
      unknown: unknown.map(({ name }) => name),
      warnings: inClear === undefined ? warnings : [...warnings, inClear],
    }
  } catch (fault) {
    if (!(fault instanceof ConfigError)) throw fault
    throw new PreflightError(new ConfigError([...fault.faults, ...warnings]).message, { cause: fault })
  }
}

/**
 * An empty text is not set, whatever the launcher's own environment has: names that are no settings, and how a Kafka of the
 * operator's (`at`) is spoken to, where it is another one.
 */
export const blanks = ({ unknown }: CommonSettings, kafka: 'none' | 'start' | 'at'): Record<string, string> => {
  const ofKafka = Object.keys(kafkaSettings).flatMap((name) => [name, `${name}_FILE`])
  const names = [...unknown, ...(kafka === 'at' ? ['KAFKA_BROKERS_FILE'] : ofKafka)]
  return Object.fromEntries(names.map((name) => [name, '']))
}

export const checkPostgresUrl = (url: string): void => {
  if (!/^postgres(ql)?:\/\/./.test(url) || !URL.canParse(url))
    throw new PreflightError(
      'BANSO_POSTGRES_URL must be postgres://user:password@host:port/database, of a user who may make databases and ' +
        'roles; in the password, write characters that a URL reserves as %40 and the like.',
    )
}

/** Data without the secrets that it was made with cannot be opened, and new ones would not fit it. */
export const checkSecrets = (home: string): void => {
  const file = join(home, 'secrets')
  const kept = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const lost = existsSync(join(home, 'postgres')) || kept !== ''
  if (lost && !/^BANSO_MASTER_KEY=./m.test(kept))
    throw new PreflightError(
      `${home} holds data, but ${file} ${kept === '' ? 'is missing' : 'has no BANSO_MASTER_KEY'}: ` +
        'put back the file that the data was made with (it belongs to every backup). Without it nothing can be opened; ' +
        'to begin anew, set BANSO_HOME to an empty folder.',
    )
}

/** Makes the home when it is not there; refuses one of another user. */
export const checkWritable = (home: string): void => {
  try {
    makeFolder(join(home, 'logs'))
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK)
    accessSync(join(home, 'logs'), constants.W_OK | constants.X_OK)
  } catch (fault) {
    const code = typeof fault === 'object' && fault !== null && 'code' in fault ? String(fault.code) : 'unknown'
    const cure =
      code === 'ENOENT'
        ? 'no folder can be made there, as it is under /proc; set BANSO_HOME to one on a disk.'
        : 'start as the user whose folder it is, or set BANSO_HOME to another one.'
    throw new PreflightError(`${home} cannot be written (${code}): ${cure}`, { cause: fault })
  }
}

/** As root, Postgres runs as the user `postgres`, who must be able to pass through every folder above its data. */
export const checkReachable = (home: string, asRoot: boolean): void => {
  if (!asRoot) return
  for (let folder = resolve(home); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0)
      throw new PreflightError(
        `Postgres cannot reach ${home}: as root it runs as the user "postgres", who may not enter ${folder}. ` +
          `Allow it (chmod o+x ${folder}), set BANSO_HOME to another folder, or start as an ordinary user.`,
      )
    if (folder === dirname(folder)) return
  }
}

/** Why nothing could listen there now: the error's code; undefined: it could. */
export const listening = (port: number, host: string): Promise<string | undefined> =>
  new Promise((done) => {
    const server = createServer()
    server.once('error', (fault: NodeJS.ErrnoException) => done(fault.code ?? 'unknown'))
    server.listen(port, host, () => server.close(() => done(undefined)))
  })

export const checkPorts = async (ports: Readonly<Record<string, number>>): Promise<void> => {
  const faults: string[] = []
  for (const [name, port] of Object.entries(ports)) {
    const fault = await listening(port, '127.0.0.1')
    if (fault === 'EADDRINUSE') faults.push(`port ${port} (${name}) is taken`)
    else if (fault) faults.push(`port ${port} (${name}) cannot be used: ${fault}`)
  }
  if (faults.length > 0)
    throw new PreflightError(
      `${faults.join('; ')}. Stop what listens there (perhaps another Banso), or set BANSO_PORT_BASE to another base.`,
    )
}
