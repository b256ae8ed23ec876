// Handlers and stores on a real database, without a log: chunks are given by hand, what they publish is written down.
import { Blueprints } from '@banso/blueprints'
import type { EventData, EventType } from '@banso/contracts'
import { type Chunk, type EventOn, type OutgoingEvent, type Transactions, type Work } from '@banso/messaging'
import { type Clock, migrate, Calendar } from '@banso/platform'
import { createMigratedDatabase, incomingOf, type TestDatabase, type TestEvent } from '@banso/testing'
import { DataSource } from 'typeorm'
import { FoldProfilesHandler } from '../src/fold-profiles/fold-profiles.handler.ts'
import { FoldTicketsHandler } from '../src/fold-tickets/fold-tickets.handler.ts'
import { FoldUsageHandler } from '../src/fold-usage/fold-usage.handler.ts'
import { freezePeersOf } from '../src/score-accounts/freeze-peers.ts'
import { rebuildScores } from '../src/score-accounts/rebuild-scores.ts'
import { scoreDay, type ScoreDayParts } from '../src/score-accounts/score-day.ts'
import { lockAccounts } from '../src/store/accounts.ts'
import { dataSourceOptions } from '../src/store/data-source.ts'
import { HealthReader } from '../src/store/health-reader.ts'
import { ScoringBases } from '../src/store/scoring-bases.ts'

export type UsageEvent = TestEvent<'ingestion.product-used.v1'>
export type ProfileEvent = TestEvent<'accounts.account-profiled.v1'>
export type TicketEvent = TestEvent<
  'ingestion.ticket-opened.v1' | 'ingestion.ticket-status-changed.v1' | 'ingestion.ticket-rated.v1'
>

export class Folding {
  published: OutgoingEvent[] = []
  readonly reader: HealthReader
  parts: ScoreDayParts

  private constructor(
    private readonly database: TestDatabase,
    readonly source: DataSource,
    readonly calendar: Calendar,
  ) {
    this.reader = new HealthReader(source)
    this.parts = { bases: new ScoringBases(new Blueprints()), calendar }
  }

  static async open(zone = 'UTC'): Promise<Folding> {
    const database = await createMigratedDatabase('health', (url) => migrate(dataSourceOptions(url)))
    const source = await new DataSource(dataSourceOptions(database.url)).initialize()
    return new Folding(database, source, new Calendar(zone))
  }

  async close(): Promise<void> {
    await this.source.destroy()
    await this.database.drop()
  }

  /** Forgets all accounts, what all of them made together, and every scorecard but the starter. */
  async empty(): Promise<void> {
    await this.source.query(
      `TRUNCATE account, usage_fact, account_activity, ticket, ticket_event, ticket_rating, account_profile,
         profile_history, input_kind, account_score, score_history, score_override, peer_table`,
    )
    await this.source.query(`DELETE FROM scorecard_use WHERE ordinal > 1`)
    this.parts = { bases: new ScoringBases(new Blueprints()), calendar: this.calendar }
  }

  /** One chunk. */
  usage(events: readonly UsageEvent[], now: string, rebuilding = false): Promise<void> {
    const incoming = events.map((event) => incomingOf(event))
    const handler = new FoldUsageHandler(this.calendar, this.parts.bases)
    return this.chunk(incoming, now, rebuilding, (chunk) => handler.fold(incoming, chunk))
  }

  /** One chunk. */
  tickets(events: readonly TicketEvent[], now: string, rebuilding = false): Promise<void> {
    const incoming = events.map((event) => incomingOf(event)) as EventOn<'ingestion.tickets.v1'>[]
    const handler = new FoldTicketsHandler(this.calendar, this.parts.bases)
    return this.chunk(incoming, now, rebuilding, (chunk) => handler.fold(incoming, chunk))
  }

  /** One chunk of one profile; `sequence`: which of two is the newer. */
  profile(event: ProfileEvent, now: string, sequence = 1): Promise<void> {
    const incoming = [incomingOf(event, { sequence })]
    const handler = new FoldProfilesHandler(this.calendar, this.parts.bases)
    return this.chunk(incoming, now, false, (chunk) => handler.fold(incoming, chunk))
  }

  /** Freezes the peer table of the day of `now`. */
  freeze(now: string): Promise<void> {
    const at = new Date(now)
    const { signal } = new AbortController()
    return freezePeersOf(this.calendar.dayOf(at), at, { ...this.parts, database: this.source.manager, signal })
  }

  day(accountIds: readonly string[], now: string): Promise<void> {
    return this.chunk(
      accountIds.map((key) => ({ key })),
      now,
      false,
      (chunk) => scoreDay(chunk, accountIds, this.calendar.dayOf(chunk.now), this.parts),
    )
  }

  /** Transactions at the time of a clock. */
  transactionsBy(clock: Clock): Transactions {
    const run = <R>(keys: readonly string[], work: (work: Work) => Promise<R>): Promise<R> =>
      this.chunk(
        keys.map((key) => ({ key })),
        clock.now().toISOString(),
        false,
        work,
      )
    return { run }
  }

  /** What a rebuild clears. */
  rebuild(): Promise<void> {
    return this.source.transaction((tx) => rebuildScores(this.parts).clear(tx))
  }

  /** What is published at the end of a rebuild, in pages of one. */
  async republish(now: string): Promise<void> {
    const options = rebuildScores(this.parts)
    const pageAfter = (key: string | null): Promise<string | null> =>
      this.chunk([], now, false, (chunk) => options.republish(chunk, key, 1))
    for (let last = await pageAfter(null); last !== null;) last = await pageAfter(last)
  }

  /** Data of what was published of a type about an account. */
  said<T extends EventType>(accountId: string, type: T): EventData<T>[] {
    const said = this.published.filter((event) => event.key === accountId && event.type === type)
    return said.map(({ data }) => data as EventData<T>)
  }

  private async chunk<R>(
    keyed: readonly { readonly key: string }[],
    now: string,
    rebuilding: boolean,
    run: (chunk: Chunk) => Promise<R>,
  ): Promise<R> {
    const published: OutgoingEvent[] = []
    const result = await this.source.transaction(async (tx) => {
      await lockAccounts(
        tx,
        keyed.map(({ key }) => key),
      )
      return run({
        tx,
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
}
