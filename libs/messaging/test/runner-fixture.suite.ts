// A service's database with the runner's tables, a log of its own, and a ledger of effects, for the specs of the runner.
import { topics } from '@banso/contracts'
import { createLogger, migrate, serviceDatabase } from '@banso/platform'
import {
  bandChanged,
  createLogDatabase,
  createMigratedDatabase,
  eventually,
  ManualClock,
  productUsed,
  recordOf,
  type TestDatabase,
} from '@banso/testing'
import { Registry } from 'prom-client'
import { DataSource, type EntityManager } from 'typeorm'
import { EmbeddedEventLog } from '../src/log/embedded/embedded-event-log.ts'
import type { AppendRecord, EventLog, LogRecord } from '../src/log/event-log.ts'
import { WakeUp } from '../src/outbox/wake-up.ts'
import type { Outcomes } from '../src/outcome.ts'
import { runChunks } from '../src/runner/chunk/run-chunks.ts'
import type { TopicHandler } from '../src/runner/handlers.ts'
import { RunnerMetrics } from '../src/runner/metrics.ts'
import { consumerGroups } from '../src/runner/progress/consumer-groups.ts'
import { ConsumerProgress, type Position } from '../src/runner/progress/consumer-progress.ts'
import type { RebuildOptions } from '../src/runner/rebuild/rebuild-options.ts'
import { startRebuild } from '../src/runner/rebuild/start-rebuild.ts'
import type { RunnerContext } from '../src/runner/runner-context.ts'
import { messagingEntities, messagingMigrations } from '../src/schema.ts'
import type { Chunk } from '../src/work.ts'
import type { IncomingEvent } from '../src/events.ts'

const TOPIC = topics.usageEvents
export const PARTITION = 3

/** What a handler does beside noting the effect: throw, or answer outcomes. */
export type Behaviour = (events: readonly IncomingEvent[], chunk: Chunk) => Promise<Outcomes | void> | Outcomes | void

const options = (url: string) =>
  serviceDatabase({
    service: 'health',
    url,
    entities: messagingEntities,
    migrations: messagingMigrations,
    poolSize: 12,
  })

export class RunnerFixture {
  readonly clock = new ManualClock()
  /** What was logged as a warning or worse. */
  readonly lines: Record<string, unknown>[] = []
  behaviour: Behaviour = () => undefined
  private sequence = 0
  private readonly logger = createLogger(
    { service: 'health', level: 'warn' },
    { write: (line: string) => void this.lines.push(JSON.parse(line) as Record<string, unknown>) },
  )
  private readonly others: { readonly database: TestDatabase; readonly log: EmbeddedEventLog }[] = []

  private constructor(
    readonly database: TestDatabase,
    readonly dataSource: DataSource,
    readonly log: EmbeddedEventLog,
    private readonly logDatabase: TestDatabase,
  ) {}

  static async open(): Promise<RunnerFixture> {
    const database = await createMigratedDatabase('runner', async (url) => {
      await migrate(options(url))
      const source = await new DataSource({ type: 'postgres', url }).initialize()
      await source.query('CREATE TABLE account (id text PRIMARY KEY)')
      await source.query('CREATE TABLE effect (n bigint GENERATED ALWAYS AS IDENTITY, key text, id text)')
      await source.destroy()
    })
    const dataSource = await new DataSource({
      ...options(database.url),
      poolErrorHandler: () => undefined,
    }).initialize()
    const logDatabase = await createLogDatabase()
    const log = new EmbeddedEventLog({ url: logDatabase.url })
    await log.ensureTopics([TOPIC, topics.healthChanges, topics.scores])
    return new RunnerFixture(database, dataSource, log, logDatabase)
  }

  get logUrl(): string {
    return this.logDatabase.url
  }

  /** A log that was made anew. */
  async anotherLog(): Promise<EmbeddedEventLog> {
    const database = await createLogDatabase()
    const log = new EmbeddedEventLog({ url: database.url })
    this.others.push({ database, log })
    await log.ensureTopics([TOPIC, topics.healthChanges, topics.scores])
    return log
  }

  context(overrides: { readonly log?: EventLog; readonly group?: string } = {}): RunnerContext {
    return {
      group: overrides.group ?? 'health',
      dataSource: this.dataSource,
      log: overrides.log ?? this.log,
      work: { service: 'health', clock: this.clock, relay: new WakeUp(), timers: new WakeUp() },
      lockKeys: lockAccounts,
      logger: this.logger,
      metrics: new RunnerMetrics(new Registry()),
      version: '9.9.9',
    }
  }

  /** Appends these events, and has them handled as one chunk. */
  async consume(...ids: readonly string[]): Promise<void> {
    const { next, epoch } = await this.position()
    await this.append(this.events(...ids))
    const at = { topic: TOPIC.name, partition: PARTITION, from: next, epoch }
    await runChunks(this.context(), { handler: this.handler() }, [{ ...at, records: await this.logged(next) }])
  }

  /** Notes an effect per event, then behaves. */
  handler(): TopicHandler {
    return {
      topic: TOPIC,
      handle: async (events, chunk) => {
        await chunk.tx.query('INSERT INTO effect (key, id) SELECT * FROM unnest($1::text[], $2::text[])', [
          events.map(({ key }) => key),
          events.map(({ id }) => id),
        ])
        return (await this.behaviour(events, chunk)) ?? undefined
      },
    }
  }

  /** Usage events with these ids, each on the key before its first digit or dash; all in one partition. */
  events(...ids: readonly string[]): AppendRecord[] {
    return this.eventsIn(PARTITION, ...ids)
  }

  /** As `events`, in another partition. */
  eventsIn(partition: number, ...ids: readonly string[]): AppendRecord[] {
    return ids.map((id) => ({
      ...recordOf(productUsed({}, { id, key: /^[a-z]+/.exec(id)?.[0] ?? id }), {
        writer: `received/log/${partition}`,
        sequence: (this.sequence += 1),
      }),
      partition,
    }))
  }

  async append(records: readonly AppendRecord[]): Promise<void> {
    await this.log.append(records)
  }

  /** What the log's partition holds from an offset on. */
  async logged(from = 0, limit = 1_000): Promise<readonly LogRecord[]> {
    return this.log.read({ topic: TOPIC.name, partition: PARTITION }, from, limit)
  }

  /** As if retention had taken what is before this offset. */
  async loseBeginning(partition: number, offset: number): Promise<void> {
    const source = await new DataSource({ type: 'postgres', url: this.logDatabase.url }).initialize()
    await source.query('UPDATE partition SET start_offset = $2 WHERE partition = $1', [partition, offset])
    await source.destroy()
  }

  /** Ids whose effects are there, in the order in which they came. */
  async effects(key?: string): Promise<string[]> {
    const rows = await this.dataSource.query<{ id: string }[]>(
      'SELECT id FROM effect WHERE $1::text IS NULL OR key = $1 ORDER BY n',
      [key ?? null],
    )
    return rows.map(({ id }) => id)
  }

  startRebuild(rebuild: RebuildOptions, loseHistory = false): ReturnType<typeof startRebuild> {
    const { dataSource, log } = this
    return startRebuild({ group: 'health', topics: [TOPIC], dataSource, log, rebuild, loseHistory })
  }

  /** As `effects`, once there are as many. */
  effectsOf(count: number): Promise<string[]> {
    return eventually(
      async () => {
        const found = await this.effects()
        if (found.length < count) throw new Error(`${found.length} of ${count} effects`)
        return found
      },
      { timeoutMs: 20_000 },
    )
  }

  async aside(state: 'parked' | 'dead'): Promise<string[]> {
    const rows = await this.dataSource.query<{ event_id: string }[]>(
      'SELECT event_id FROM parked_message WHERE state = $1 ORDER BY id',
      [state],
    )
    return rows.map((row) => row.event_id)
  }

  async outbox(): Promise<string[]> {
    const rows = await this.dataSource.query<{ event_id: string }[]>('SELECT event_id FROM outbox ORDER BY id')
    return rows.map((row) => row.event_id)
  }

  /** The position of the group in the partition of these events; made when it is not there. */
  async position(group = 'health'): Promise<Position> {
    const { manager } = this.dataSource
    await consumerGroups.open(manager, group)
    return new ConsumerProgress(group).open(manager, { topic: TOPIC.name, partition: PARTITION }, await this.log.id())
  }

  async close(): Promise<void> {
    await this.dataSource.destroy()
    await this.log.close()
    await this.database.drop()
    await this.logDatabase.drop()
    for (const { log, database } of this.others) {
      await log.close()
      await database.drop()
    }
  }
}

/** An event for the outbox that follows from one that came in. */
export const changeAfter = (event: IncomingEvent): ReturnType<typeof bandChanged> =>
  bandChanged({}, { key: event.key, time: event.time })

const lockAccounts = async (tx: EntityManager, keys: readonly string[]): Promise<void> => {
  await tx.query('INSERT INTO account (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [keys])
  await tx.query('SELECT FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE', [keys])
}
