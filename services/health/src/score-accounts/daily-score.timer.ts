import type { EventLog, Timer, TimerHandler, TimerResult, Timers, Transactions, Work } from '@banso/messaging'
import type { Clock } from '@banso/platform'
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import type { Calendar, Day } from '../domain/calendar.ts'
import { hasPassed, isMarks, type Marks, readEnds } from '../store/log-progress.ts'
import { readUnscored } from '../store/scores.ts'
import { scoreDay } from './score-day.ts'

const ID = 'daily-score'
const BATCH = 500
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
}

type Result = { readonly scored: Day } | { readonly waitingFor: Marks }

/**
 * Scores every account once a day, from midnight on, in batches that each are a transaction; what was missed while we
 * were away comes with it. Before that, all that was in the log when it began must have been handled: what we have not
 * read yet is not silence.
 */
export class DailyScore implements TimerHandler<Result>, OnModuleInit, OnApplicationBootstrap {
  readonly kind = 'daily-score'

  constructor(private readonly parts: DailyScoreParts) {}

  onModuleInit(): void {
    this.parts.timers.register(this)
  }

  /** From now on; what this day has of it already is not done again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.parts.transactions.run([], async (work) =>
      work.schedule({ id: ID, key: '', kind: this.kind, dueAt: after(work, CATCH_UP_MS), payload: null }),
    )
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const { database, log, transactions, clock, calendar } = this.parts
    const waitingFor = isMarks(payload) ? payload : await readEnds(log)
    if (!(await hasPassed(database.manager, waitingFor))) return { waitingFor }
    const day = calendar.dayOf(clock.now())
    for (let last: string | null = null; ;) {
      signal.throwIfAborted()
      const accountIds: readonly string[] = await readUnscored(database.manager, day, last, BATCH)
      last = accountIds.at(-1) ?? null
      if (last === null) return { scored: day }
      await transactions.run(accountIds, (work) => scoreDay(work, accountIds, day, calendar))
    }
  }

  async settle(_timer: Timer, result: Result, work: Work): Promise<TimerResult> {
    if ('waitingFor' in result) return { again: after(work, CATCH_UP_MS), payload: result.waitingFor }
    const tomorrow = this.parts.calendar.startOf(result.scored + 1)
    const again = after(work, LOOK_AGAIN_MS)
    return { again: tomorrow < again ? tomorrow : again, payload: null }
  }
}

const after = ({ now }: Work, ms: number): Date => new Date(now.getTime() + ms)
