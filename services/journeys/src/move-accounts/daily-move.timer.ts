import { topics } from '@banso/contracts'
import {
  type EventLog,
  hasPassed,
  isLogMarks,
  type LogMarks,
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
import { readUnlived } from '../store/accounts.ts'
import type { Journeys } from '../store/journeys.ts'
import { passDay } from './pass-day.ts'

const ID = 'daily-move'
const BATCH = 500
const CATCH_UP_MS = 2_000
// An account that begins after the run waits no longer than this for its first day.
const LOOK_AGAIN_MS = 600_000
const SOURCES = [topics.usageEvents.name, topics.scores.name, topics.profiles.name] as const

export interface DailyMoveParts {
  readonly database: DataSource
  readonly log: EventLog
  readonly transactions: Transactions
  readonly timers: Pick<Timers, 'register'>
  readonly clock: Clock
  readonly calendar: Calendar
  readonly journeys: Journeys
}

type Result = { readonly passed: Day } | { readonly waitingFor: LogMarks | null }

/**
 * Lets the day pass for every account from midnight on, in batches that each are a transaction: pace, stalls and dormancy
 * come with days. Before that, all that was in the log when it began must have been handled: what we have not read yet is
 * not silence.
 */
export class DailyMove implements TimerHandler<Result>, OnModuleInit, OnApplicationBootstrap {
  readonly kind = 'daily-move'

  constructor(private readonly parts: DailyMoveParts) {}

  onModuleInit(): void {
    this.parts.timers.register(this)
  }

  /** From now on; for whom this day has passed already it does not pass again. */
  async onApplicationBootstrap(): Promise<void> {
    await this.parts.transactions.run([], async (work) =>
      work.schedule({ id: ID, key: '', kind: this.kind, dueAt: after(work, CATCH_UP_MS), payload: null }),
    )
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const { database, log, transactions, clock, calendar, journeys } = this.parts
    const waitingFor = isLogMarks(payload) ? payload : await readEnds(log, SOURCES)
    if (!(await hasPassed(database.manager, 'journeys', waitingFor))) return { waitingFor }
    const day = calendar.dayOf(clock.now())
    for (let last: string | null = null; ;) {
      signal.throwIfAborted()
      const accountIds: readonly string[] = await readUnlived(database.manager, day, last, BATCH)
      last = accountIds.at(-1) ?? null
      if (last === null) return { passed: day }
      await transactions.run(accountIds, (work) => passDay(work, { journeys, days: calendar }, accountIds, day))
    }
  }

  async settle(_timer: Timer, result: Result, work: Work): Promise<TimerResult> {
    if ('waitingFor' in result) return { again: after(work, CATCH_UP_MS), payload: result.waitingFor }
    const tomorrow = this.parts.calendar.startOf(result.passed + 1)
    const again = after(work, LOOK_AGAIN_MS)
    return { again: tomorrow < again ? tomorrow : again, payload: null }
  }
}

const after = ({ now }: Work, ms: number): Date => new Date(now.getTime() + ms)
