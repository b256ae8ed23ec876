// A real Apache Kafka (KRaft) on this machine: its Maven artifacts, run by the local Java.
import { execFile, type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { waitForBroker } from './await-broker.ts'
import type { StoreCommand } from './keeper.ts'

export const KAFKA_VERSION = '4.1.1'
const LOG4J_VERSION = '2.25.1'
const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1'
const LEAST_JAVA = 17
const STOP_GRACE_MS = 20_000

export interface BrokerOptions {
  /** What `installKafka` gave. */
  readonly jars: string
  /** Data and configuration of this broker; kept from start to start. */
  readonly directory: string
  readonly port: number
  readonly controllerPort: number
  readonly log: string
  /** One of several brokers; default: one broker that is its own controller. */
  readonly member?: { readonly nodeId: number; readonly clusterId: string; readonly controllerPorts: readonly number[] }
  /** Further broker properties. */
  readonly properties?: Readonly<Record<string, string>>
  /** Users of SCRAM that a new folder has: `SCRAM-SHA-512=[name=…,password=…]`. */
  readonly scramUsers?: readonly string[]
}

export interface RunningBroker {
  /** `host:port` */
  readonly brokers: string
  readonly process: ChildProcess
  /** SIGTERM, SIGKILL after 20 s; resolves when it is gone. */
  stop(): Promise<void>
}

const run = promisify(execFile)

const pom = (): string => `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>banso</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
${[
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ...['log4j-slf4j-impl', 'log4j-api', 'log4j-core'].map((id) => ['org.apache.logging.log4j', id, LOG4J_VERSION]),
]
  .map(
    ([group, artifact, version]) =>
      `    <dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  )
  .join('\n')}
  </dependencies>
</project>
`

const LOG4J = `rootLogger.level=warn
rootLogger.appenderRef.stderr.ref=stderr
appender.stderr.type=Console
appender.stderr.name=stderr
appender.stderr.target=SYSTEM_ERR
appender.stderr.layout.type=PatternLayout
appender.stderr.layout.pattern=[%d] %p %m (%c)%n
`

/** Throws when there is no Java of at least 17. */
export const checkJava = async (): Promise<void> => {
  const answer = await run('java', ['-version']).catch(() => undefined)
  const version = Number(/version "(\d+)/.exec(answer?.stderr ?? '')?.[1])
  if (!answer) throw new Error(`Kafka needs Java ${LEAST_JAVA} or later: there is no java on the PATH`)
  if (version < LEAST_JAVA) throw new Error(`Kafka needs Java ${LEAST_JAVA} or later: java is ${version}`)
}

/** The folder with Kafka's jars, under `cacheDirectory`; fetched by Maven when they are not there yet. */
export const installKafka = async (cacheDirectory: string): Promise<string> => {
  await checkJava()
  const jars = join(cacheDirectory, KAFKA_VERSION)
  if (existsSync(jars)) return jars
  mkdirSync(cacheDirectory, { recursive: true })
  const work = await mkdtemp(join(cacheDirectory, 'fetch-'))
  try {
    await writeFile(join(work, 'pom.xml'), pom())
    const goal = `${DEPENDENCY_PLUGIN}:copy-dependencies`
    await run('mvn', ['-B', '-q', goal, '-DincludeScope=runtime', '-DoutputDirectory=libs'], { cwd: work })
    // Two installations at once: the second finds the folder there and leaves it.
    if (!existsSync(jars)) await rename(join(work, 'libs'), jars)
    return jars
  } catch (fault) {
    if (existsSync(jars)) return jars
    const missing = fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'
    const why = missing ? 'there is no mvn on the PATH' : 'Maven could not fetch it'
    throw new Error(`Kafka ${KAFKA_VERSION} cannot be installed: ${why}`, { cause: fault })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Kafka's form of a random UUID. */
export const randomClusterId = (): string => {
  const id = randomBytes(16).toString('base64url')
  return id.startsWith('-') ? randomClusterId() : id
}

const innerTopics = (factor: number, minIsr: number): Record<string, number> => ({
  'offsets.topic.num.partitions': 1,
  'offsets.topic.replication.factor': factor,
  'transaction.state.log.num.partitions': 1,
  'transaction.state.log.replication.factor': factor,
  'transaction.state.log.min.isr': minIsr,
  'share.coordinator.state.topic.num.partitions': 1,
  'share.coordinator.state.topic.replication.factor': factor,
  'share.coordinator.state.topic.min.isr': minIsr,
})

/** A broker that was killed waits, as its own controller, until its session from before has run out: 9 s by default. */
const BACK_SOON = { 'broker.session.timeout.ms': '3000', 'broker.heartbeat.interval.ms': '1000' }

const serverProperties = ({ directory, port, controllerPort, member, properties }: BrokerOptions): string => {
  const listeners = `PLAINTEXT://127.0.0.1:${port},CONTROLLER://localhost:${controllerPort}`
  const size = member?.controllerPorts.length ?? 1
  const voters = member?.controllerPorts.map((voter, place) => `${place + 1}@localhost:${voter}`).join(',')
  return Object.entries({
    'process.roles': 'broker,controller',
    'node.id': String(member?.nodeId ?? 1),
    ...(voters === undefined
      ? { 'controller.quorum.bootstrap.servers': `localhost:${controllerPort}` }
      : { 'controller.quorum.voters': voters }),
    listeners,
    'advertised.listeners': listeners,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
    'log.dirs': join(directory, 'data'),
    'auto.create.topics.enable': 'false',
    'num.network.threads': '2',
    'num.io.threads': '2',
    'group.initial.rebalance.delay.ms': '0',
    'log.cleaner.dedupe.buffer.size': '4194304', // the default takes 128 MB of heap
    'min.insync.replicas': String(Math.min(2, size)),
    ...innerTopics(Math.min(3, size), Math.min(2, size)),
    ...(size === 1 && BACK_SOON),
    ...properties,
  })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('')
}

/**
 * What Java has loaded of Kafka's classes once: later brokers begin with half the work. Where it does not fit (another Java),
 * Java goes on without.
 */
const archiveOf = (jars: string): string => `${jars}.jsa`
const shared = (archive: string): string[] => [`-XX:SharedArchiveFile=${archive}`]

/** The jars' folder may be on another disk than the broker's. */
const keepArchive = async (made: string, archive: string): Promise<void> => {
  const beside = `${archive}.${randomBytes(4).toString('hex')}`
  await copyFile(made, beside)
  await rename(beside, archive)
  await rm(made)
}

/** The broker's command; writes its configuration and formats its folder when that is new. */
export const kafkaCommand = async (options: BrokerOptions): Promise<StoreCommand> => {
  const { jars, directory, log, member } = options
  mkdirSync(directory, { recursive: true })
  const properties = join(directory, 'server.properties')
  const log4j = join(directory, 'log4j2.properties')
  await writeFile(properties, serverProperties(options))
  await writeFile(log4j, LOG4J)
  const java = [`-Dlog4j2.configurationFile=${log4j}`, '-cp', join(jars, '*')]
  const archive = archiveOf(jars)
  if (!existsSync(join(directory, 'data/meta.properties'))) {
    const id = member?.clusterId ?? randomClusterId()
    const standalone = member ? [] : ['--standalone']
    const users = (options.scramUsers ?? []).flatMap((user) => ['--add-scram', user])
    const format = ['format', '-t', id, '-c', properties, ...standalone, '--ignore-formatted', ...users]
    const made = join(directory, 'classes.jsa')
    const classes = existsSync(archive) ? shared(archive) : [`-XX:ArchiveClassesAtExit=${made}`]
    await run('java', [...classes, ...java, 'kafka.tools.StorageTool', ...format]).catch((fault: unknown) => {
      throw new Error(`Kafka's folder ${directory} cannot be formatted`, { cause: fault })
    })
    if (existsSync(made)) await keepArchive(made, archive)
  }
  const memory = ['-Xms192m', '-Xmx512m', '-XX:+UseSerialGC', '-Xss512k']
  const args = [...memory, ...(existsSync(archive) ? shared(archive) : []), ...java, 'kafka.Kafka', properties]
  return { command: 'java', args, cwd: directory, log, stopSignal: 'SIGTERM' }
}

const refuseTakenPort = async (port: number): Promise<void> => {
  const server = createServer()
  const listening = once(server, 'listening')
  server.listen(port, '127.0.0.1')
  await listening.catch((fault: unknown) => {
    throw new Error(`Kafka cannot listen on 127.0.0.1:${port}: the port is taken`, { cause: fault })
  })
  await new Promise((closed) => server.close(closed))
}

/** Starts a broker as a child of this process; resolves when it answers. */
export const startBroker = async (options: BrokerOptions): Promise<RunningBroker> => {
  for (const port of [options.port, options.controllerPort]) await refuseTakenPort(port)
  const { command, args, cwd, log } = await kafkaCommand(options)
  const output = openSync(log, 'a')
  const broker = spawn(command, args, { cwd, stdio: ['ignore', output, output] })
  closeSync(output) // the child has its own
  const brokers = `127.0.0.1:${options.port}`
  const ended = once(broker, 'exit').then(() => {
    throw new Error(`Kafka ended while starting:\n${readFileSync(log, 'utf8').slice(-2_000)}`)
  })
  ended.catch(() => undefined)
  try {
    await Promise.race([waitForBroker(brokers, 60_000), ended])
  } catch (fault) {
    await stopProcess(broker)
    throw fault
  }
  return { brokers, process: broker, stop: () => stopProcess(broker) }
}

const stopProcess = async (broker: ChildProcess): Promise<void> => {
  if (broker.exitCode !== null || broker.signalCode !== null) return
  const gone = once(broker, 'exit')
  const killing = setTimeout(() => broker.kill('SIGKILL'), STOP_GRACE_MS)
  broker.kill('SIGTERM')
  await gone
  clearTimeout(killing)
}
