// Handlers and stores on a real database, without a log: chunks are given by hand, what they publish is written down.
import { Blueprints } from '@banso/blueprints'
import { type Chunk, type EventOn, type OutgoingEvent, type Transactions } from '@banso/messaging'
import { Calendar, migrate } from '@banso/platform'
import { createMigratedDatabase, incomingOf, type TestDatabase, type TestEvent } from '@banso/testing'
import { DataSource, type EntityManager } from 'typeorm'
import { FoldProfilesHandler } from '../src/fold-profiles/fold-profiles.handler.ts'
import { FoldScoresHandler } from '../src/fold-scores/fold-scores.handler.ts'
import { FoldUsageHandler } from '../src/fold-usage/fold-usage.handler.ts'
import { passDay } from '../src/move-accounts/pass-day.ts'
import { rebuildJourneys } from '../src/move-accounts/rebuild-journeys.ts'
import { type Account, lockAccounts, readAccounts } from '../src/store/accounts.ts'
import { dataSourceOptions } from '../src/store/data-source.ts'
import { Journeys } from '../src/store/journeys.ts'

export type UsageEvent = TestEvent<'ingestion.product-used.v1'>
export type ScoreEvent = TestEvent<'health.account-scored.v1'>
export type ProfileEvent = TestEvent<'accounts.account-profiled.v1'>

export class Moving {
  published: OutgoingEvent[] = []
  /** Statements of the last chunk. */
  statements = 0
  readonly calendar = new Calendar('UTC')
  readonly journeys = new Journeys(new Blueprints())
  private sequence = 0

  private constructor(
    private readonly database: TestDatabase,
    readonly source: DataSource,
  ) {}

  static async open(): Promise<Moving> {
    const database = await createMigratedDatabase('journeys', (url) => migrate(dataSourceOptions(url)))
    return new Moving(database, await new DataSource(dataSourceOptions(database.url)).initialize())
  }

  async close(): Promise<void> {
    await this.source.destroy()
    await this.database.drop()
  }

  usage(events: readonly UsageEvent[], now: string, rebuilding = false): Promise<void> {
    const incoming: EventOn<'ingestion.usage-events.v1'>[] = events.map((event) => incomingOf(event))
    const handler = new FoldUsageHandler(this.journeys, this.calendar)
    return this.chunk(keysOf(incoming), now, rebuilding, (chunk) => handler.fold(incoming, chunk))
  }

  /** In the order of their writer, unless `sequences` says otherwise. */
  scores(events: readonly ScoreEvent[], now: string, sequences?: readonly number[]): Promise<void> {
    const incoming: EventOn<'health.scores.v1'>[] = events.map((event, index) =>
      incomingOf(event, { writer: 'outbox/health/1', sequence: sequences?.[index] ?? (this.sequence += 1) }),
    )
    const handler = new FoldScoresHandler(this.journeys, this.calendar)
    return this.chunk(keysOf(incoming), now, false, (chunk) => handler.fold(incoming, chunk))
  }

  profiles(events: readonly ProfileEvent[], now: string): Promise<void> {
    const incoming: EventOn<'accounts.profiles.v1'>[] = events.map((event) =>
      incomingOf(event, { writer: 'outbox/accounts/1', sequence: (this.sequence += 1) }),
    )
    const handler = new FoldProfilesHandler(this.journeys, this.calendar)
    return this.chunk(keysOf(incoming), now, false, (chunk) => handler.fold(incoming, chunk))
  }

  day(accountIds: readonly string[], now: string): Promise<void> {
    const ground = { journeys: this.journeys, days: this.calendar }
    return this.chunk(accountIds, now, false, (chunk) =>
      passDay(chunk, ground, accountIds, this.calendar.dayOf(chunk.now)),
    )
  }

  /** What a command of people is given. */
  transactionsAt(now: string): Transactions {
    return { run: (keys, work) => this.chunk(keys, now, false, work) }
  }

  /** What a rebuild clears, folds again and makes of it. */
  async rebuild(events: readonly UsageEvent[], now: string): Promise<void> {
    const options = rebuildJourneys({ journeys: this.journeys, days: this.calendar })
    await this.source.transaction((tx) => options.clear(tx))
    await this.usage(events, now, true)
    const pageAfter = (key: string | null): Promise<string | null> =>
      this.chunk([], now, false, (chunk) => options.republish(chunk, key, 1))
    for (let last = await pageAfter(null); last !== null;) last = await pageAfter(last)
  }

  /** An account as it is stored. */
  async account(accountId: string): Promise<Account> {
    const [account] = await readAccounts(this.source.manager, [accountId])
    if (!account) throw new Error(`there is no account ${accountId}`)
    return account
  }

  /** Types and data of what was told of an account. */
  told(accountId: string): { type: string; data: unknown }[] {
    return this.published.filter(({ key }) => key === accountId).map(({ type, data }) => ({ type, data }))
  }

  private async chunk<R>(
    keys: readonly string[],
    now: string,
    rebuilding: boolean,
    run: (chunk: Chunk) => Promise<R>,
  ): Promise<R> {
    const published: OutgoingEvent[] = []
    const result = await this.source.transaction(async (tx) => {
      await lockAccounts(tx, keys)
      this.statements = 0
      return run({
        tx: this.counting(tx),
        now: new Date(now),
        rebuilding,
        publish: (event) => void published.push(event),
        schedule: () => {},
        cancelTimer: () => {},
      })
    })
    this.published.push(...published)
    return result
  }

  private counting(tx: EntityManager): EntityManager {
    return new Proxy(tx, {
      get: (target, name, receiver): unknown => {
        if (name === 'query') this.statements += 1
        const value: unknown = Reflect.get(target, name, receiver)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }
}

const keysOf = (events: readonly { readonly key: string }[]): string[] => events.map(({ key }) => key)
