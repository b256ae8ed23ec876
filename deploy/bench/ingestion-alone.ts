// Ingestion without the other services, now as capture alone, now as the sorter alone, over one log.
import { topicList, topics } from '@banso/contracts'
import { EmbeddedEventLog, type EventLog, KafkaEventLog } from '@banso/messaging'
import pg from 'pg'
import { Api } from '../drive/api.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { portsFrom } from '../local/ports.ts'
import { waitUntilReady } from '../local/await-ready.ts'
import { type RunningSystem, startSystem } from '../local/system.ts'
import { chunkSize } from './chunk-size.ts'
import type { Mark } from './pace.ts'
import { sumOf, watchProgress } from './progress.ts'

const SORTER_GROUP = 'ingestion-sorter'
const GRACE_MS = 12_000
const READY_MS = 60_000
const SOURCE = 'bench'
export const STORES = ['postgres', 'kafka']
export const WATCHED = ['ingestion', ...STORES]

export interface IngestionAloneOptions {
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
}

export class IngestionAlone {
  readonly log: EventLog
  readonly system: RunningSystem
  readonly writeKey: string
  readonly #database: pg.Client
  readonly #removeHome: () => void

  private constructor(system: RunningSystem, writeKey: string, database: pg.Client, removeHome: () => void) {
    this.log = system.brokers
      ? new KafkaEventLog({ brokers: system.brokers.split(','), clientId: 'bench' })
      : new EmbeddedEventLog({ url: system.databaseUrls.log })
    this.system = system
    this.writeKey = writeKey
    this.#database = database
    this.#removeHome = removeHome
  }

  /** Started as capture. */
  static async open({ kafka, portBase, say }: IngestionAloneOptions): Promise<IngestionAlone> {
    const home = temporaryHome('ingestion')
    try {
      const system = await startSystem({
        home: home.path,
        ports: portsFrom(portBase),
        kafka: { kind: kafka ? 'start' : 'none' },
        only: ['ingestion'],
        env: { BANSO_TIMEZONE: 'UTC', INGESTION_ROLE: 'capture' },
        say,
      })
      const api = new Api(system)
      await api.call('ingestion', 'POST', '/v1/sources', { name: SOURCE, kind: 'segment' })
      const keys = `/v1/sources/${SOURCE}/keys`
      const { writeKey } = await api.call<{ writeKey: string }>('ingestion', 'POST', keys, { kind: 'server' })
      const database = new pg.Client(system.databaseUrls.ingestion)
      await database.connect()
      const alone = new IngestionAlone(system, writeKey, database, () => home.remove())
      await alone.log.ensureTopics(topicList.filter(({ owner }) => owner === 'ingestion'))
      return alone
    } catch (fault) {
      home.remove()
      throw fault
    }
  }

  async close(): Promise<void> {
    await this.#database.end()
    await this.log.close()
    await this.system.stop()
    this.#removeHome()
  }

  get databaseUrl(): string {
    return this.system.databaseUrls.ingestion
  }

  stop(): Promise<void> {
    return this.system.supervisor.stop('ingestion', GRACE_MS)
  }

  async startCapture(): Promise<void> {
    this.system.supervisor.startAgain('ingestion', { INGESTION_ROLE: 'capture' })
    await waitUntilReady(this.system.addresses.ingestion, READY_MS)
  }

  async ends(topic: string): Promise<ReadonlyMap<number, number>> {
    const positions = await this.log.positions(topic)
    return new Map(positions.map(({ partition, end }) => [partition, end]))
  }

  /** Records of one transaction of the sorter, on average. */
  batch(): Promise<number> {
    return chunkSize(this.system.addresses.ingestion, SORTER_GROUP, topics.received.name)
  }

  /** Starts it as the sorter, and marks how far it is until it has come to the end; `before`: what it had sorted by then. */
  async sortAll(before: number): Promise<Mark[]> {
    const { supervisor } = this.system
    const topic = topics.received.name
    const end = sumOf(await this.ends(topic))
    supervisor.startAgain('ingestion', { INGESTION_ROLE: 'sorter' })
    const watched = { database: this.#database, supervisor, processes: WATCHED, group: SORTER_GROUP, topic }
    return watchProgress(watched, before, end)
  }
}
