import { type SegmentCall, topics } from '@banso/contracts'
import {
  type AppendRecord,
  type ChunkRequest,
  consumerGroups,
  EmbeddedEventLog,
  type EventLog,
  GroupPositions,
  partitionOf,
  RunnerMetrics,
} from '@banso/messaging'
import { createLogger, makeDataKey, MasterKey, migrate, noTracing, SystemClock } from '@banso/platform'
import { createDatabase, createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { Registry } from 'prom-client'
import { AbstractLogger, DataSource } from 'typeorm'
import { v4 } from 'uuid'
import { callKey } from '../src/domain/received.ts'
import { rawHeaders } from '../src/domain/record-copy.ts'
import { ChunkSorter } from '../src/sort-received/sort-chunk.ts'
import { Sorter, SORTER_GROUP } from '../src/sort-received/sorter.ts'
import { SorterMetrics } from '../src/sort-received/sorter-metrics.ts'
import { dataSourceOptions } from '../src/store/data-source.ts'
import { quarantine } from '../src/store/quarantine.ts'

const logger = createLogger({ service: 'ingestion', level: 'silent' })

class StatementCount extends AbstractLogger {
  count = 0
  override logQuery(): void {
    this.count += 1
  }
  protected override writeLog(): void {}
}

/** The sorter alone, on real stores: chunks are given to it by hand. */
export class SorterBench {
  private constructor(
    private readonly databases: readonly TestDatabase[],
    readonly database: DataSource,
    readonly log: EventLog,
    readonly statements: StatementCount,
  ) {}

  static async start(): Promise<SorterBench> {
    const database = await createMigratedDatabase('ingestion', (url) => migrate(dataSourceOptions(url)))
    const logDatabase = await createDatabase()
    const log = new EmbeddedEventLog({ url: logDatabase.url })
    await log.ensureTopics([
      topics.received,
      topics.personKeys,
      topics.usageEvents,
      topics.observations,
      topics.tickets,
    ])
    const statements = new StatementCount()
    const options = { ...dataSourceOptions(database.url), logger: statements, logging: true }
    const source = await new DataSource(options).initialize()
    return new SorterBench([database, logDatabase], source, log, statements)
  }

  async stop(): Promise<void> {
    await this.database.destroy()
    await this.log.close()
    for (const database of this.databases) await database.drop()
  }

  /** One of any number of instances; its appends may misbehave. */
  sorter(append?: EventLog['append']): Sorter {
    const { database } = this
    const registry = new Registry()
    return new Sorter({
      database,
      log: append ? { append } : this.log,
      chunks: new ChunkSorter(database, masterKey, v4),
      metrics: new SorterMetrics(registry, () => quarantine.count(database.manager)),
      runnerMetrics: new RunnerMetrics(registry),
      clock: new SystemClock(),
      logger,
      tracing: noTracing,
    })
  }

  /** Appends the calls to one partition of the raw log, and gives them as the chunk that a consumer would fetch. */
  async chunkOf(calls: readonly SegmentCall[], headers: Record<string, string> = {}): Promise<ChunkRequest> {
    const at = { topic: topics.received.name, partition: partitionOf(topics.received.name, 'any') }
    await this.log.append(calls.map((call) => rawRecord(call, at.partition, headers)))
    const positions = new GroupPositions({ group: SORTER_GROUP, dataSource: this.database, log: this.log, logger })
    await consumerGroups.open(this.database.manager, SORTER_GROUP)
    const start = await positions.start(at)
    if (!start) throw new Error('the group is stopped')
    const records = await this.log.read(at, start.from, 1_000)
    return { ...at, from: start.from, epoch: start.position.epoch, records }
  }
}

export const masterKey = new MasterKey(makeDataKey().toString('base64'))

const rawRecord = (call: SegmentCall, partition: number, headers: Record<string, string>): AppendRecord => ({
  topic: topics.received.name,
  partition,
  key: callKey('product', call),
  value: Buffer.from(
    JSON.stringify({ receivedAt: call.timestamp, source: 'product', namespace: 'default', keyKind: 'server', call }),
  ),
  headers: { ...rawHeaders('ingestion.segment-call-received.v1', new Date(call.timestamp)), ...headers },
})
