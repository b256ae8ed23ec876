// Health without the other services: started over a log that is filled beforehand, watched until it has folded all of it.
import { EmbeddedEventLog, type EventLog, KafkaEventLog } from '@banso/messaging'
import pg from 'pg'
import { Api } from '../drive/api.ts'
import { isIdle } from '../drive/operations.ts'
import { temporaryHome } from '../drive/temporary-home.ts'
import { until } from '../drive/wait.ts'
import { portsFrom } from '../local/ports.ts'
import { waitUntilReady } from '../local/await-ready.ts'
import { type RunningSystem, startSystem } from '../local/system.ts'
import { chunkSize } from './chunk-size.ts'
import { cpuOf } from './cpu.ts'
import type { Mark } from './pace.ts'
import { sumOf, watchProgress } from './progress.ts'
import { TOPIC } from './usage-stream.ts'

const GRACE_MS = 12_000
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
  readonly #database: pg.Client
  readonly #removeHome: () => void

  private constructor(system: RunningSystem, database: pg.Client, removeHome: () => void) {
    const { brokers, databaseUrls } = system
    this.log = brokers
      ? new KafkaEventLog({ brokers: brokers.split(','), clientId: 'bench' })
      : new EmbeddedEventLog({ url: databaseUrls.log })
    this.databaseUrl = databaseUrls.health
    this.#system = system
    this.#api = new Api(system)
    this.#database = database
    this.#removeHome = removeHome
  }

  static async open(kafka: boolean, portBase: number, say: (line: string) => void): Promise<HealthAlone> {
    const home = temporaryHome('fold')
    try {
      const system = await startSystem({
        home: home.path,
        ports: portsFrom(portBase),
        kafka: { kind: kafka ? 'start' : 'none' },
        only: ['health'],
        env: { BANSO_TIMEZONE: 'UTC' },
        say,
      })
      const database = new pg.Client(system.databaseUrls.health)
      await database.connect()
      const alone = new HealthAlone(system, database, () => home.remove())
      await alone.log.ensureTopics([TOPIC])
      return alone
    } catch (fault) {
      home.remove()
      throw fault
    }
  }

  async close(): Promise<void> {
    await this.#database.end()
    await this.log.close()
    await this.#system.stop()
    this.#removeHome()
  }

  stop(): Promise<void> {
    return this.#system.supervisor.stop('health', GRACE_MS)
  }

  /** Does now what Postgres would do at some later minute about the rows written so far, in the midst of a measured round. */
  async tidyUp(): Promise<void> {
    await this.#database.query('VACUUM (ANALYZE)')
  }

  /** Ends of the topic's partitions. */
  async ends(): Promise<ReadonlyMap<number, number>> {
    const positions = await this.log.positions(TOPIC.name)
    return new Map(positions.map(({ partition, end }) => [partition, end]))
  }

  /** Starts it, and marks how far it is until it has come to the end; `before`: what it had folded by then. */
  async fold(before: number): Promise<Folded> {
    const { supervisor, addresses } = this.#system
    const end = sumOf(await this.ends())
    supervisor.startAgain('health')
    const watched = { database: this.#database, supervisor, processes: WATCHED, group: 'health', topic: TOPIC.name }
    const marks = await watchProgress(watched, before, end)
    await waitUntilReady(addresses.health, READY_MS)
    const batch = await chunkSize(addresses.health, 'health', TOPIC.name)
    // Scores are sent on, and heard again by health itself, after they were committed.
    await until(
      'every score to be sent on',
      FOLDED_WITHIN_MS,
      async () => (await isIdle(this.#api, ['health'])) || undefined,
    )
    marks.push({ at: performance.now(), done: end - before, cpu: cpuOf(supervisor, WATCHED) })
    return { marks, batch }
  }
}
