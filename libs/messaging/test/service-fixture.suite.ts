// A service's database and a log of its own, for the specs of outbox and timers.
import { HEADER, type Headers, type ServiceName, topicList } from '@banso/contracts'
import { createLogger, migrate, serviceDatabase } from '@banso/platform'
import { createLogDatabase, createMigratedDatabase, ManualClock, type TestDatabase } from '@banso/testing'
import { randomUUID } from 'node:crypto'
import { DataSource, type EntityManager } from 'typeorm'
import { EmbeddedEventLog } from '../src/log/embedded/embedded-event-log.ts'
import type { LogRecord } from '../src/log/event-log.ts'
import { partitionOf } from '../src/log/partitioner.ts'
import type { WorkContext } from '../src/outbox/buffered-work.ts'
import { DatabaseTransactions } from '../src/outbox/database-transactions.ts'
import { outboxMigrations } from '../src/outbox/outbox-migration.ts'
import { outboxEntities } from '../src/outbox/outbox-row.ts'
import { Presence } from '../src/presence/presence.ts'
import { OutboxRelay, type RelayOptions } from '../src/outbox/outbox-relay.ts'
import { WakeUp } from '../src/outbox/wake-up.ts'
import { timerMigrations } from '../src/timers/timer-migration.ts'
import { timerEntities } from '../src/timers/timer-row.ts'
import { Timers, type TimersOptions } from '../src/timers/timers.ts'

const silent = createLogger({ service: 'health', level: 'silent' })

const entities = [...outboxEntities, ...timerEntities]
const migrations = [...outboxMigrations, ...timerMigrations]

/** One process of the service: its own pool, transactions and signals over the same database. */
export interface TestProcess {
  readonly dataSource: DataSource
  readonly context: WorkContext
  readonly transactions: DatabaseTransactions
}

export class ServiceFixture {
  readonly clock = new ManualClock()
  private readonly processes: TestProcess[] = []
  private readonly workers: { stop(): Promise<void> }[] = []
  private logDatabase: TestDatabase | undefined
  private embedded: EmbeddedEventLog | undefined

  private constructor(
    private readonly service: ServiceName,
    private readonly database: TestDatabase,
  ) {}

  static async open(service: ServiceName = 'health'): Promise<ServiceFixture> {
    const database = await createMigratedDatabase('outbox_and_timers', async (url) => {
      await migrate(serviceDatabase({ service, url, entities, migrations }))
      const source = await new DataSource({ type: 'postgres', url }).initialize()
      await source.query('CREATE TABLE account (id text PRIMARY KEY, visits integer NOT NULL DEFAULT 0)')
      await source.destroy()
    })
    return new ServiceFixture(service, database)
  }

  async process(): Promise<TestProcess> {
    const { url } = this.database
    const options = serviceDatabase({ service: this.service, url, entities, migrations, poolSize: 20 })
    const dataSource = await new DataSource({ ...options, poolErrorHandler: () => undefined }).initialize()
    const context = { service: this.service, clock: this.clock, relay: new WakeUp(), timers: new WakeUp() }
    const process = { dataSource, context, transactions: new DatabaseTransactions(dataSource, context, lockAccounts) }
    this.processes.push(process)
    return process
  }

  /** A relay of that process, not started; stopped by `close`. */
  async relay(process: TestProcess, options: Partial<RelayOptions> = {}): Promise<OutboxRelay> {
    const { service } = this
    const { dataSource, context } = process
    const given = { service, dataSource, log: await this.log(), wake: context.relay, logger: silent, ...options }
    const relay = new OutboxRelay(given)
    this.workers.push(relay)
    return relay
  }

  /** The timers of that process, not started; stopped by `close`. */
  timers(process: TestProcess, options: Partial<TimersOptions> = {}): Timers {
    const { dataSource, transactions, context } = process
    const given = { dataSource, transactions, clock: this.clock, wake: context.timers, logger: silent, ...options }
    const timers = new Timers(given)
    this.workers.push(timers)
    return timers
  }

  /** What vouches for a process; closed by `close`. */
  presence(): Presence {
    const presence = new Presence(this.database.url, 'banso-test')
    this.workers.push({ stop: () => presence.close() })
    return presence
  }

  /** An embedded log with the service's topics. */
  async log(): Promise<EmbeddedEventLog> {
    if (this.embedded) return this.embedded
    this.logDatabase = await createLogDatabase()
    this.embedded = new EmbeddedEventLog({ url: this.logDatabase.url })
    await this.embedded.ensureTopics(topicList.filter(({ owner }) => owner === this.service))
    return this.embedded
  }

  /** What a topic holds, partition after partition. */
  async logged(topic: string): Promise<LogRecord[]> {
    const log = await this.log()
    const records: LogRecord[] = []
    for (const { partition, start } of await log.positions(topic)) {
      records.push(...(await log.read({ topic, partition }, start, 100_000)))
    }
    return records
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.stop()))
    await Promise.all(this.processes.map(({ dataSource }) => dataSource.destroy()))
    await this.embedded?.close()
    await this.logDatabase?.drop()
    await this.database.drop()
  }
}

const lockAccounts = async (tx: EntityManager, keys: readonly string[]): Promise<void> => {
  const sorted = keys.toSorted()
  await tx.query('INSERT INTO account (id) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING', [sorted])
  await tx.query('SELECT FROM account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE', [sorted])
}

/** What a consumer keeps of the records of one partition: the sequence fence drops what a writer sent again. */
export const fenced = (records: readonly LogRecord[]): LogRecord[] => {
  const highest = new Map<string, number>()
  return records.filter(({ topic, partition, headers }) => {
    const writer = `${topic}/${partition}/${headers[HEADER.writer]}`
    const sequence = Number(headers[HEADER.sequence])
    if (sequence <= (highest.get(writer) ?? -1)) return false
    highest.set(writer, sequence)
    return true
  })
}

/** ce_ids, in the order of the records. */
export const idsOf = (records: readonly { headers: Headers }[]): string[] =>
  records.map(({ headers }) => headers[HEADER.id] ?? '')

/** As many account ids, all of one partition of `health.changes.v1`. */
export const accountsOn = (partition: number, count: number): string[] => {
  const found: string[] = []
  while (found.length < count) {
    const id = randomUUID()
    if (partitionOf('health.changes.v1', id) === partition) found.push(id)
  }
  return found
}
