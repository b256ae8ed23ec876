// The whole of Banso on this machine: stores first, then every service as a process; stopped in the opposite order.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readyLine, waitUntilReady } from './await-ready.ts'
import { Logs } from './logs.ts'
import { type Addresses, addressesOf, type Ports } from './ports.ts'
import { initialisePostgres, makeDatabases, postgresCommand, STANDARD_PREFIX } from './postgres.ts'
import { keepPrefix, prefixOf } from './postgres-prefix.ts'
import {
  blanks,
  checkPorts,
  checkPostgresUrl,
  checkReachable,
  checkSecrets,
  checkSettings,
  checkSpace,
  checkWritable,
  type CommonSettings,
} from './preflight.ts'
import { type Database, Secrets, type Service, services, tokenName } from './secrets.ts'
import { Supervisor } from './supervise.ts'

export interface SystemOptions {
  /** Everything is kept here: data, logs, secrets. */
  readonly home: string
  readonly ports: Ports
  /** Kafka's own, when given; `start`: a broker of this machine; `none`: the embedded log. */
  readonly kafka:
    | { readonly kind: 'none' }
    | { readonly kind: 'start' }
    | { readonly kind: 'at'; readonly brokers: string }
  /** An administrator's URL of a Postgres to use instead of the embedded one. */
  readonly postgresUrl?: string
  /** What its names of roles and databases begin with; default `banso`. The first start of a home fixes it. */
  readonly postgresPrefix?: string
  /** Services to start; default: all. */
  readonly only?: readonly Service[]
  /** Further environment of every service. */
  readonly env?: Record<string, string>
  /** Gives up a start that is under way and stops what is there. */
  readonly signal?: AbortSignal
  readonly say: (line: string) => void
}

export interface RunningSystem {
  readonly ports: Ports
  readonly addresses: Addresses
  /** Where mails go when no server was named; undefined: one was, or none is to be. */
  readonly mailServer: string | undefined
  readonly secrets: Secrets
  /** Knows the services by name, and the stores that run here: `postgres`, `kafka`. */
  readonly supervisor: Supervisor
  readonly databaseUrls: Record<Database, string>
  readonly brokers: string | undefined
  stop(): Promise<void>
}

const root = join(import.meta.dirname, '../..')
export const SERVICE_READY_MS = 60_000
const KAFKA_ANSWERS_MS = 15_000
/** A service that finds its stores not quite there yet ends and is started again. */
const SERVICE_ATTEMPTS = 3
/** So does a store that finds its forerunner still stopping: about 4 s. */
const STORE_ATTEMPTS = 5
/** From the word to stop until everything is gone: half a second of the 25 s promised is left to end ourselves in. */
const STOPPED_WITHIN_MS = 24_500
/** A service that hangs cuts itself off, and says what has not stopped. */
const SERVICE_LIMIT_MS = 16_000
/** One that does not even do that is killed; the stores have what is left then, 7.5 s at the least. */
export const SERVICE_GRACE_MS = 17_000
const DEVELOPMENT_SENDER = 'success@banso.example'

type BootOptions = SystemOptions & { readonly logs: Logs; readonly settings: CommonSettings }

const startPostgres = async (options: BootOptions, secrets: Secrets, supervisor: Supervisor): Promise<string> => {
  const { home, ports, logs } = options
  const directory = join(home, 'postgres')
  const password = secrets.get('BANSO_DATABASE_PASSWORD_POSTGRES')
  await initialisePostgres(directory, password)
  const command = await postgresCommand(directory, ports.postgres, logs.fileOf('postgres'))
  supervisor.start('postgres', { kind: 'store', ...command })
  return `postgres://postgres:${encodeURIComponent(password)}@127.0.0.1:${ports.postgres}/postgres`
}

// What speaks to Kafka is loaded where Kafka is used: the launcher stays small.
const startKafka = async (options: BootOptions, supervisor: Supervisor): Promise<string> => {
  const { waitForBroker } = await import('./await-broker.ts')
  const { installKafka, kafkaCommand } = await import('./kafka.ts')
  const { home, ports, logs } = options
  const jars = await installKafka(join(root, 'node_modules/.cache/banso-kafka'))
  const command = await kafkaCommand({
    jars,
    directory: join(home, 'kafka'),
    port: ports.kafka,
    controllerPort: ports.kafkaController,
    log: logs.fileOf('kafka'),
  })
  supervisor.start('kafka', { kind: 'store', ...command })
  const brokers = `127.0.0.1:${ports.kafka}`
  await Promise.race([waitForBroker(brokers, 60_000), supervisor.died('kafka', STORE_ATTEMPTS)])
  return brokers
}

const portOf = (ports: Ports, service: Service): Record<string, string> =>
  service === 'ingestion'
    ? { INGESTION_PORT: String(ports.capture), INGESTION_API_PORT: String(ports.ingestion) }
    : { [`${service.toUpperCase()}_PORT`]: String(ports[service]) }

const startServices = async (
  options: BootOptions,
  supervisor: Supervisor,
  environment: (service: Service) => Record<string, string>,
): Promise<void> => {
  const addresses = addressesOf(options.ports)
  const wanted = options.only ?? services
  for (const service of wanted)
    supervisor.start(service, {
      kind: 'service',
      directory: join(root, 'services', service),
      env: { ...environment(service), ...portOf(options.ports, service), ...options.env },
      log: options.logs.fileOf(service),
    })
  await Promise.all(
    wanted.map(async (service) => {
      const token = environment(service)[tokenName(service)] ?? ''
      const onSlow = (why: string): void => options.say(`${service} is not ready yet: ${why}`)
      const waits = await Promise.race([
        waitUntilReady(addresses[service], SERVICE_READY_MS, { token, onSlow }),
        supervisor.died(service, SERVICE_ATTEMPTS),
      ])
      options.say(readyLine(service, addresses[service], waits))
    }),
  )
}

const checkBefore = async ({ home, ports, postgresUrl, kafka, env, say }: SystemOptions): Promise<CommonSettings> => {
  const settings = checkSettings({ ...process.env, ...env })
  for (const warning of settings.warnings) say(warning)
  if (postgresUrl) checkPostgresUrl(postgresUrl)
  checkWritable(home)
  checkSpace(home)
  checkSecrets(home)
  if (!postgresUrl) checkReachable(home, process.getuid?.() === 0)
  const { kafka: broker, kafkaController, postgres, mail: _, ...http } = ports
  await checkPorts({
    ...http,
    ...(!postgresUrl && { postgres }),
    ...(kafka.kind === 'start' && { kafka: broker, kafkaController }),
  })
  return settings
}

const isDevelopment = ({ env = {} }: SystemOptions): boolean =>
  (env['BANSO_ENV'] ?? process.env['BANSO_ENV'] ?? 'development') === 'development'

/** A port of this machine, where something may take mails: what is tried out needs no mail server, and reaches nobody. */
const developmentMail = (options: SystemOptions): string | undefined => {
  const given = options.env?.['SMTP_URL'] ?? process.env['SMTP_URL']
  return isDevelopment(options) && !given ? `smtp://127.0.0.1:${options.ports.mail}` : undefined
}

/** In development, actions may reach what listens on this machine; what the launcher was given stands. */
const developmentTargets = (options: SystemOptions): Record<string, string> => {
  const mail = developmentMail(options)
  return {
    ...(isDevelopment(options) &&
      !process.env['BANSO_ALLOW_PRIVATE_TARGETS'] && { BANSO_ALLOW_PRIVATE_TARGETS: 'true' }),
    ...(mail && { SMTP_URL: mail, BANSO_SMTP_PLAIN_TEXT: 'true', BANSO_MAIL_FROM: DEVELOPMENT_SENDER }),
  }
}

type Boot = Pick<RunningSystem, 'databaseUrls' | 'brokers'>

const boot = async (options: BootOptions, secrets: Secrets, supervisor: Supervisor): Promise<Boot> => {
  const { home, ports, postgresUrl, say } = options
  const prefix = postgresUrl ? prefixOf(home, secrets, options.postgresPrefix) : STANDARD_PREFIX
  const adminUrl = postgresUrl ?? (await startPostgres(options, secrets, supervisor))
  const making = makeDatabases(adminUrl, secrets, prefix)
  const databaseUrls = await (postgresUrl
    ? making
    : Promise.race([making, supervisor.died('postgres', STORE_ATTEMPTS)]))
  keepPrefix(secrets, prefix)
  say(`postgres   ready${postgresUrl ? '' : ` on 127.0.0.1:${ports.postgres}`}`)
  const brokers = await brokersOf(options, supervisor)
  say(brokers ? `kafka      ready on ${brokers}` : 'log        embedded, in Postgres')
  await startServices(options, supervisor, (service) => ({
    [`${service.toUpperCase()}_DATABASE_URL`]: databaseUrls[service],
    [tokenName(service)]: secrets.get(tokenName(service)),
    BANSO_MASTER_KEY: secrets.get('BANSO_MASTER_KEY'),
    BANSO_ENV: process.env['BANSO_ENV'] ?? 'development',
    BANSO_STOP_LIMIT_MS: String(SERVICE_LIMIT_MS),
    ...blanks(options.settings, options.kafka.kind),
    KAFKA_BROKERS: brokers ?? '',
    BANSO_LOG_DATABASE_URL: brokers ? '' : databaseUrls.log,
    ...(service === 'playbooks' && developmentTargets(options)),
  }))
  return { databaseUrls, brokers }
}

const brokersOf = async (options: BootOptions, supervisor: Supervisor): Promise<string | undefined> => {
  if (options.kafka.kind === 'at') {
    const { waitForAnyBroker } = await import('./own-kafka.ts')
    await waitForAnyBroker(options.kafka.brokers, KAFKA_ANSWERS_MS, options.settings.kafka)
    return options.kafka.brokers
  }
  return options.kafka.kind === 'start' ? startKafka(options, supervisor) : undefined
}

/** Rejects when the signal aborts. */
export const aborted = (signal: AbortSignal | undefined): Promise<never> =>
  new Promise((_, reject) => {
    const stop = () => reject(new Error('stopped while starting'))
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
  })

/** Starts everything and resolves when every service is ready; what was started is stopped when it fails. */
export const startSystem = async (options: SystemOptions): Promise<RunningSystem> => {
  const settings = await checkBefore(options)
  const secrets = new Secrets(options.home)
  const addresses = addressesOf(options.ports)
  const mailServer = developmentMail(options)
  const supervisor = new Supervisor(options.say)
  const logs = new Logs(options.home, options.say)
  const stop = async (): Promise<void> => {
    const stoppedBy = performance.now() + STOPPED_WITHIN_MS
    supervisor.close()
    logs.close()
    await Promise.all(services.map((service) => supervisor.stop(service, SERVICE_GRACE_MS)))
    const left = stoppedBy - performance.now()
    await Promise.all(['kafka', 'postgres'].map((store) => supervisor.stop(store, left)))
  }
  logs.open()
  try {
    const booted = await Promise.race([
      boot({ ...options, logs, settings }, secrets, supervisor),
      aborted(options.signal),
    ])
    // not before: another Banso may be running on this folder, which the stores have now ruled out
    const found = { ...addresses, ...(mailServer && { mail: mailServer }) }
    writeFileSync(join(options.home, 'addresses.json'), `${JSON.stringify(found, undefined, 2)}\n`)
    return { ports: options.ports, addresses, mailServer, secrets, supervisor, stop, ...booted }
  } catch (fault) {
    await stop()
    throw fault
  }
}
