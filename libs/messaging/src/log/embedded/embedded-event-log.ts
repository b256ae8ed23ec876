import { MIN_COMPACTION_LAG_MS, type TopicDeclaration } from '@banso/contracts'
import { inspectDatabase } from '@banso/platform'
import pg from 'pg'
import { Presence } from '../../presence/presence.ts'
import { AppendQueue } from '../append-queue.ts'
import { AppendError, TopicMismatchError } from '../errors.ts'
import type {
  AppendRecord,
  ConsumeOptions,
  Consumption,
  EventLog,
  LogFacts,
  LogRecord,
  PartitionPositions,
  TopicPartition,
} from '../event-log.ts'
import type { LogNotices } from '../notices.ts'
import { refuseTooLarge } from '../record-size.ts'
import { EmbeddedConsumption } from './embedded-consumption.ts'
import { dropBeforeStart, keepHouse } from './housekeeping.ts'
import { readRecords } from './read-records.ts'
import { prepareSchema } from './schema.ts'
import { EmbeddedTopics } from './topics.ts'
import { writeRecords } from './write-records.ts'

export interface EmbeddedEventLogOptions {
  /** PostgreSQL URL of the log's own database; its tables are made at first use. */
  readonly url: string
  /** Connections of this process, without the one that a consumer holds; default 6. */
  readonly poolSize?: number
  /** Younger records of compacted topics stay; milliseconds. */
  readonly minCompactionLagMs?: number
  /** How often superseded and expired records are deleted; milliseconds. */
  readonly housekeepingMs?: number
  readonly notices?: LogNotices
}

/** A database that does not answer is away. Milliseconds. */
const CONNECT_TIMEOUT_MS = 5_000
const STATEMENT_TIMEOUT_MS = 10_000
const QUERY_TIMEOUT_MS = 12_000
const APPLICATION = 'banso-log'
const HOUSEKEEPING_MS = 10 * 60_000

const noted = (): void => undefined

/** The log for one machine with nothing but PostgreSQL: records, offsets and group leases are rows. */
export class EmbeddedEventLog implements EventLog {
  readonly #pool: pg.Pool
  readonly #presence: Presence
  readonly #topics: EmbeddedTopics
  readonly #queue: AppendQueue
  readonly #consumptions = new Set<EmbeddedConsumption>()
  readonly #housekeeping: NodeJS.Timeout
  #id: Promise<string> | undefined
  #admission: Promise<void> = Promise.resolve()

  constructor(options: EmbeddedEventLogOptions) {
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.poolSize ?? 6,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
      options: '-c synchronous_commit=on',
      application_name: APPLICATION,
    })
    this.#presence = new Presence(options.url, APPLICATION)
    // A connection lost while idle is replaced at the next query; without a listener it would end the process.
    this.#pool.on('error', () => undefined)
    this.#topics = new EmbeddedTopics(this.#pool)
    this.#queue = new AppendQueue(async (records) => {
      await writeRecords(this.#pool, this.#topics, records)
      return { records: [] }
    })
    const lagMs = options.minCompactionLagMs ?? MIN_COMPACTION_LAG_MS
    this.#housekeeping = setInterval(() => {
      void keepHouse(this.#pool, lagMs).catch((err: unknown) => {
        options.notices?.warn({ err }, 'superseded and expired records are not deleted; tried again at the next turn')
      })
    }, options.housekeepingMs ?? HOUSEKEEPING_MS).unref()
  }

  id(): Promise<string> {
    this.#id ??= prepareSchema(this.#pool).catch((fault: unknown) => {
      this.#id = undefined
      throw fault
    })
    return this.#id
  }

  async ensureTopics(topics: readonly TopicDeclaration[]): Promise<void> {
    await this.id()
    await this.#topics.ensure(topics)
  }

  async append(records: readonly AppendRecord[]): Promise<void> {
    // One after the other, so that no append overtakes one that still has to look its topics up.
    const admitted = this.#admission.then(() => this.#admit(records))
    this.#admission = admitted.then(noted, noted)
    await (
      await admitted
    ).appended
  }

  async consume(options: ConsumeOptions): Promise<Consumption> {
    const database = { pool: this.#pool, presence: this.#presence }
    const consumption = new EmbeddedConsumption(database, await this.#find(options.topics), options)
    this.#consumptions.add(consumption)
    void consumption.gone.then(() => this.#consumptions.delete(consumption))
    consumption.start()
    return consumption
  }

  async positions(name: string): Promise<readonly PartitionPositions[]> {
    const topic = await this.#findOne(name)
    const { rows } = await this.#pool.query<{ partition: number; start: string; end: string }>(
      `select partition, start_offset as start, next_offset as "end" from partition
       where topic_id = $1 order by partition`,
      [topic.id],
    )
    return rows.map((row) => ({
      topic: name,
      partition: row.partition,
      start: Number(row.start),
      end: Number(row.end),
    }))
  }

  async trim({ topic: name, partition }: TopicPartition, before: number): Promise<void> {
    const topic = await this.#findOne(name)
    if (!topic.trimmed) throw new TopicMismatchError(`topic ${name} is not declared as trimmed`)
    await this.#pool.query(
      `update partition set start_offset = greatest(start_offset, least($3::bigint, next_offset))
       where topic_id = $1 and partition = $2`,
      [topic.id, partition, before],
    )
    await dropBeforeStart(this.#pool)
  }

  async read({ topic, partition }: TopicPartition, from: number, limit: number): Promise<readonly LogRecord[]> {
    return readRecords(this.#pool, await this.#findOne(topic), partition, from, limit)
  }

  async inspect(topics: readonly TopicDeclaration[]): Promise<LogFacts> {
    const id = await this.id()
    const ask = async <Row extends object>(sql: string) => (await this.#pool.query<Row>(sql)).rows
    const database = await inspectDatabase(ask, () => new Date())
    return {
      kind: 'embedded',
      id,
      version: `PostgreSQL ${database.version}`,
      database,
      topics: await this.#topics.inspect(topics),
    }
  }

  async ping(): Promise<void> {
    await this.id()
    await this.#pool.query('select 1')
  }

  /** Stops what still consumes, waits for what is being appended. */
  async close(): Promise<void> {
    clearInterval(this.#housekeeping)
    await Promise.all([...this.#consumptions].map((consumption) => consumption.stop()))
    await this.#queue.idle()
    await this.#presence.close()
    await this.#pool.end()
  }

  async #admit(records: readonly AppendRecord[]): Promise<{ appended: Promise<void> }> {
    try {
      await this.#find(records.map(({ topic }) => topic))
    } catch (cause) {
      throw cause instanceof TopicMismatchError ? cause : new AppendError(records, { cause })
    }
    refuseTooLarge(records, (topic) => this.#topics.known(topic).maxRecordBytes)
    return { appended: this.#queue.append(records) }
  }

  async #find(names: readonly string[]) {
    await this.id()
    return this.#topics.find(names)
  }

  async #findOne(name: string) {
    await this.#find([name])
    return this.#topics.known(name)
  }
}
