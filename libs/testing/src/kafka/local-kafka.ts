// Brokers from Kafka's Maven artifacts, on the loopback interface, in a folder of their own.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installKafka, randomClusterId, type RunningBroker, startBroker } from '../../../../deploy/local/kafka.ts'
import { freePorts } from './free-ports.ts'

const CACHE = join(import.meta.dirname, '../../../../node_modules/.cache/banso-kafka')

export interface LocalKafkaOptions {
  readonly brokers: 1 | 3
  /** Kept afterwards when given; default: a temporary folder, removed at the stop. */
  readonly directory?: string
  /** Further broker properties. */
  readonly properties?: Readonly<Record<string, string>>
}

/** Fetches what the first start needs, so that several at once need not fetch it at once. */
export const fetchKafka = (): Promise<string> => installKafka(CACHE)

/** One broker of a `LocalKafka`. */
export class LocalBroker {
  readonly #start: () => Promise<RunningBroker>
  #running: RunningBroker

  constructor(start: () => Promise<RunningBroker>, running: RunningBroker) {
    this.#start = start
    this.#running = running
  }

  /** `host:port` */
  get address(): string {
    return this.#running.brokers
  }

  stop(): Promise<void> {
    return this.#running.stop()
  }

  async kill9(): Promise<void> {
    const gone = once(this.#running.process, 'exit')
    this.#running.process.kill('SIGKILL')
    await gone
  }

  /** Starts it again on its data and port, after `stop` or `kill9`. */
  async restart(): Promise<void> {
    this.#running = await this.#start()
  }

  /** Holds the process still (SIGSTOP), or lets it go on. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#running.process.kill(signal)
  }
}

export interface LocalKafka {
  /** Comma-separated `host:port`. */
  readonly brokers: string
  readonly nodes: readonly LocalBroker[]
  stop(): Promise<void>
}

/** Needs Java 17 and, the first time, Maven. Three brokers: factor 3, min ISR 2. */
export const startLocalKafka = async ({ brokers, directory, properties }: LocalKafkaOptions): Promise<LocalKafka> => {
  const jars = await fetchKafka()
  const root = directory ?? (await mkdtemp(join(tmpdir(), 'banso-kafka-')))
  const ports = await freePorts(2 * brokers)
  const controllerPorts = ports.slice(brokers)
  const clusterId = randomClusterId()
  const nodes = await Promise.all(
    Array.from({ length: brokers }, async (_, place) => {
      const start = () =>
        startBroker({
          jars,
          directory: join(root, `broker-${place + 1}`),
          port: ports[place] ?? 0,
          controllerPort: controllerPorts[place] ?? 0,
          log: join(root, `broker-${place + 1}.log`),
          ...(brokers === 1 ? {} : { member: { nodeId: place + 1, clusterId, controllerPorts } }),
          ...(properties && { properties }),
        })
      return new LocalBroker(start, await start())
    }),
  )
  return {
    brokers: nodes.map(({ address }) => address).join(','),
    nodes,
    stop: async () => {
      await Promise.all(nodes.map((node) => node.stop()))
      if (!directory) await rm(root, { recursive: true, force: true })
    },
  }
}
