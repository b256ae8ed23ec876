import { topics } from '@banso/contracts'
import {
  type EventLog,
  hasPassed,
  isLogMarks,
  type LogMarks,
  type NewTimer,
  readEnds,
  type Timer,
  type TimerHandler,
  type TimerResult,
  type Timers,
  type Transactions,
  type Work,
} from '@banso/messaging'
import type { Calendar, Clock, Day } from '@banso/platform'
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import type { ScoringBases } from '../store/scoring-bases.ts'
import { readUnscored, type Unscored } from '../store/scores.ts'
import { freezePeersOf } from './freeze-peers.ts'
import { scoreDay } from './score-day.ts'

const ID = 'daily-score'
const KIND = 'daily-score'
// What a transaction scores: some 100 ms of work. An account counts for each day that it missed.
const MOST_ACCOUNT_DAYS = 500
/** What has not been read of these is not silence. */
const SOURCES = [topics.usageEvents.name, topics.tickets.name]
const CATCH_UP_MS = 2_000
// An account whose first events come late is scored for the day of their receipt: it waits no longer than this for today.
const LOOK_AGAIN_MS = 600_000

export interface DailyScoreParts {
  readonly database: DataSource
  readonly log: EventLog
  readonly transactions: Transactions
  readonly timers: Pick<Timers, 'register'>
  readonly clock: Clock
  readonly calendar: Calendar
  readonly bases: ScoringBases
}

type Result = { readonly scored: Day } | { readonly waitingFor: LogMarks | null }

/** Has every account scored that is not scored by what is in use now, as soon as the log has been caught up with. */
export const scoreAllNow = (now: Date): NewTimer => ({ id: ID, key: '', kind: KIND, dueAt: now, payload: null })

/**
 * Freezes the peer table of the day, then scores every account that was not scored on it by this table and the scorecard
 * in use, in batches that each are a transaction; what was missed while we were away comes with it. Stopped in between, it
 * goes on with the accounts that are left. Before all that, what was in the log when it began must have been handled: what
 * we have not read yet is not silence.
 */
export class DailyScore implements TimerHandler<Result>, OnModuleInit, OnApplicationBootstrap {
  readonly kind = KIND

  constructor(private readonly parts: DailyScoreParts) {}

  onModuleInit(): void {
    this.parts.timers.register(this)
  }

  /** From now on; what this day has of it already is not done again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.parts.transactions.run([], async (work) => work.schedule(scoreAllNow(after(work, CATCH_UP_MS))))
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const { database, log, clock, calendar } = this.parts
    const waitingFor = isLogMarks(payload) ? payload : await readEnds(log, SOURCES)
    if (!(await hasPassed(database.manager, 'health', waitingFor))) return { waitingFor }
    const now = clock.now()
    const day = calendar.dayOf(now)
    await freezePeersOf(day, now, { ...this.parts, database: database.manager, signal })
    await this.scoreUnscored(day, signal)
    return { scored: day }
  }

  private async scoreUnscored(day: Day, signal: AbortSignal): Promise<void> {
    const { database, transactions, bases } = this.parts
    const basis = await bases.read(database.manager, day)
    const yardstickOf = await bases.yardsticks(database.manager, basis, [day])
    for (let last: string | null = null; ;) {
      signal.throwIfAborted()
      const found = await readUnscored(database.manager, day, yardstickOf(day), last, MOST_ACCOUNT_DAYS)
      const accountIds: readonly string[] = batchOf(found)
      last = accountIds.at(-1) ?? null
      if (last === null) return
      await transactions.run(accountIds, (work) => scoreDay(work, accountIds, day, this.parts))
    }
  }

  async settle(_timer: Timer, result: Result, work: Work): Promise<TimerResult> {
    if ('waitingFor' in result) return { again: after(work, CATCH_UP_MS), payload: result.waitingFor }
    const tomorrow = this.parts.calendar.startOf(result.scored + 1)
    const again = after(work, LOOK_AGAIN_MS)
    return { again: tomorrow < again ? tomorrow : again, payload: null }
  }
}

const batchOf = (unscored: readonly Unscored[]): string[] => {
  const accountIds: string[] = []
  let accountDays = 0
  for (const { accountId, days } of unscored) {
    accountDays += days
    if (accountDays > MOST_ACCOUNT_DAYS) break
    accountIds.push(accountId)
  }
  return accountIds
}

const after = ({ now }: Work, ms: number): Date => new Date(now.getTime() + ms)
