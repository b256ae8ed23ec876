// Health without the other services: started over a log that is filled beforehand, watched until it has folded all of it.
import type { EventLog } from '@banso/messaging'
import { Api } from '../drive/api.ts'
import { isIdle } from '../drive/operations.ts'
import { until } from '../drive/wait.ts'
import { waitUntilReady } from '../local/await-ready.ts'
import { type RunningSystem, SERVICE_GRACE_MS } from '../local/system.ts'
import { chunkSize } from './chunk-size.ts'
import { cpuOf } from './cpu.ts'
import type { FloorLog } from './floors/bare-reader.ts'
import { usesIn } from './floors/usage-upsert.ts'
import { type OneService, type OneServiceOptions, startOneService } from './one-service.ts'
import type { Mark } from './pace.ts'
import { endsOf, sumOf, watchProgress } from './progress.ts'
import { TOPIC } from './usage-stream.ts'

const READY_MS = 60_000
const FOLDED_WITHIN_MS = 600_000
const WATCHED = ['health', 'postgres', 'kafka']

export interface Folded {
  readonly marks: readonly Mark[]
  /** Records of one transaction, on average. */
  readonly batch: number
}

export class HealthAlone {
  readonly log: EventLog
  readonly databaseUrl: string
  readonly #system: RunningSystem
  readonly #api: Api
  readonly #service: OneService

  private constructor(service: OneService) {
    this.log = service.log
    this.databaseUrl = service.system.databaseUrls.health
    this.#system = service.system
    this.#api = new Api(service.system)
    this.#service = service
  }

  static async open(options: OneServiceOptions): Promise<HealthAlone> {
    return new HealthAlone(await startOneService('health', options, { topics: [TOPIC] }))
  }

  close(): Promise<void> {
    return this.#service.close()
  }

  stop(): Promise<void> {
    return this.#system.supervisor.stop('health', SERVICE_GRACE_MS)
  }

  /** Does now what Postgres would do at some later minute about the rows written so far, in the midst of a measured round. */
  async tidyUp(): Promise<void> {
    await this.#service.database.query('VACUUM (ANALYZE)')
  }

  /** Uses that it has folded so far. */
  uses(): Promise<number> {
    return usesIn(this.#service.database, 'usage_fact')
  }

  /** Ends of the topic's partitions. */
  ends(): Promise<ReadonlyMap<number, number>> {
    return endsOf(this.log, TOPIC.name)
  }

  /** What a floor reads. */
  get source(): FloorLog {
    return { log: this.log, brokers: this.#system.brokers }
  }

  /** Starts it, and marks how far it is until it has come to the end; `before`: what it had folded by then. */
  async fold(before: number): Promise<Folded> {
    this.#system.supervisor.startAgain('health')
    const marks = await this.catchUp(before)
    return { marks, batch: await chunkSize(this.#system.addresses.health, 'health', TOPIC.name) }
  }

  /** The same of one that runs already, or is about to. */
  async catchUp(before: number): Promise<Mark[]> {
    const { supervisor, addresses } = this.#system
    const end = sumOf(await this.ends())
    const watched = {
      database: this.#service.database,
      supervisor,
      processes: WATCHED,
      group: 'health',
      topic: TOPIC.name,
    }
    const marks = await watchProgress(watched, before, end)
    await waitUntilReady(addresses.health, READY_MS)
    // Scores are sent on, and heard again by health itself, after they were committed.
    await until(
      'every score to be sent on',
      FOLDED_WITHIN_MS,
      async () => (await isIdle(this.#api, ['health'])) || undefined,
    )
    marks.push({ at: performance.now(), done: end - before, cpu: cpuOf(supervisor, WATCHED) })
    return marks
  }
}
