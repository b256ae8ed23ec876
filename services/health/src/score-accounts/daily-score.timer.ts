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
const LOOK_AGAIN_MS = 2_000

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
      work.schedule({ id: ID, key: '', kind: this.kind, dueAt: work.now, payload: null }),
    )
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const { database, log, transactions, clock, calendar } = this.parts
    const waitingFor = isMarks(payload) ? payload : await readEnds(log)
    if (!(await hasPassed(database.manager, waitingFor))) return { waitingFor }
    const day = calendar.dayOf(clock.now())
    for (let after: string | null = null; ;) {
      signal.throwIfAborted()
      const accountIds: readonly string[] = await readUnscored(database.manager, day, after, BATCH)
      after = accountIds.at(-1) ?? null
      if (after === null) return { scored: day }
      await transactions.run(accountIds, (work) => scoreDay(work, accountIds, day, calendar))
    }
  }

  async settle(_timer: Timer, result: Result, work: Work): Promise<TimerResult> {
    return 'scored' in result
      ? { again: this.parts.calendar.startOf(result.scored + 1), payload: null }
      : { again: new Date(work.now.getTime() + LOOK_AGAIN_MS), payload: result.waitingFor }
  }
}
