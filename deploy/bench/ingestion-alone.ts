// Ingestion without the other services, now as capture alone, now as the sorter alone, over one log.
import { topicList, topics } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import { Api } from '../drive/api.ts'
import { waitUntilReady } from '../local/await-ready.ts'
import { type RunningSystem, SERVICE_GRACE_MS } from '../local/system.ts'
import { chunkSize } from './chunk-size.ts'
import type { FloorLog } from './floors/bare-reader.ts'
import { type OneService, type OneServiceOptions, startOneService } from './one-service.ts'
import type { Mark } from './pace.ts'
import { endsOf, sumOf, watchProgress } from './progress.ts'

const SORTER_GROUP = 'ingestion-sorter'
const READY_MS = 60_000
const SOURCE = 'bench'
export const STORES = ['postgres', 'kafka']
export const WATCHED = ['ingestion', ...STORES]

export class IngestionAlone {
  readonly system: RunningSystem
  readonly log: EventLog
  readonly writeKey: string
  readonly #service: OneService

  private constructor(service: OneService, writeKey: string) {
    this.system = service.system
    this.log = service.log
    this.writeKey = writeKey
    this.#service = service
  }

  /** Started as capture. */
  static async open(options: OneServiceOptions): Promise<IngestionAlone> {
    const service = await startOneService('ingestion', options, {
      env: { INGESTION_ROLE: 'capture' },
      topics: topicList.filter(({ owner }) => owner === 'ingestion'),
    })
    try {
      const api = new Api(service.system)
      await api.call('ingestion', 'POST', '/v1/sources', { name: SOURCE, kind: 'segment' })
      const keys = `/v1/sources/${SOURCE}/keys`
      const { writeKey } = await api.call<{ writeKey: string }>('ingestion', 'POST', keys, { kind: 'server' })
      return new IngestionAlone(service, writeKey)
    } catch (fault) {
      await service.close()
      throw fault
    }
  }

  close(): Promise<void> {
    return this.#service.close()
  }

  get databaseUrl(): string {
    return this.system.databaseUrls.ingestion
  }

  stop(): Promise<void> {
    return this.system.supervisor.stop('ingestion', SERVICE_GRACE_MS)
  }

  async startCapture(): Promise<void> {
    this.system.supervisor.startAgain('ingestion', { INGESTION_ROLE: 'capture' })
    await waitUntilReady(this.system.addresses.ingestion, READY_MS)
  }

  ends(topic: string): Promise<ReadonlyMap<number, number>> {
    return endsOf(this.log, topic)
  }

  /** What a floor reads and appends to. */
  get source(): FloorLog {
    return { log: this.log, brokers: this.system.brokers }
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
    const watched = { database: this.#service.database, supervisor, processes: WATCHED, group: SORTER_GROUP, topic }
    return watchProgress(watched, before, end)
  }
}
