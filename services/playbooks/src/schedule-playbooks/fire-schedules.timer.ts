import { topics } from '@banso/contracts'
import {
  type EventLog,
  hasPassed,
  type LogMarks,
  readEnds,
  type Timer,
  type TimerHandler,
  type TimerResult,
  type Timers,
  type Transactions,
  type Work,
} from '@banso/messaging'
import type { Clock } from '@banso/platform'
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import type { LocalTime } from '../domain/local-time.ts'
import type { PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import { nextDue } from '../domain/schedule/due.ts'
import type { Schedules } from '../store/schedules.ts'
import type { OfferAccounts } from './offer-accounts.ts'
import type { SchedulePlaybooks } from './schedule-playbooks.ts'
import { payloadOf, SCHEDULE_TIMER, type SchedulePayload } from './schedule-timer.ts'

const GROUP = 'playbooks'
const CATCH_UP_MS = 2_000
/** What facts are made of. */
const SOURCES = [
  topics.profiles.name,
  topics.scores.name,
  topics.healthChanges.name,
  topics.journeyProgress.name,
  topics.tickets.name,
] as const

export interface FireSchedulesParts {
  readonly database: DataSource
  readonly log: EventLog
  readonly transactions: Transactions
  readonly timers: Pick<Timers, 'register'>
  readonly clock: Clock
  readonly local: LocalTime
  readonly playbooks: PlaybooksAtHand
  readonly schedules: Schedules
  readonly schedule: SchedulePlaybooks
  readonly accounts: OfferAccounts
}

/** `goneOver`: the time that was due; null: nobody wants it any more. */
type Result = { readonly goneOver: Date | null } | { readonly waitingFor: LogMarks | null }

/**
 * Fires the schedules of playbooks. Before that, all that was in the log when it began must have been handled: after an
 * outage facts are old. Of times that passed while we were away, the newest counts alone.
 */
export class FireSchedules implements TimerHandler<Result>, OnModuleInit, OnApplicationBootstrap {
  readonly kind = SCHEDULE_TIMER

  constructor(private readonly parts: FireSchedulesParts) {}

  onModuleInit(): void {
    this.parts.timers.register(this)
  }

  /** For playbooks that were there before their timers. */
  async onApplicationBootstrap(): Promise<void> {
    const { transactions, playbooks, schedule } = this.parts
    await transactions.run([], async (work) => schedule.keep(work, await playbooks.all(work.tx)))
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const { database, log, clock, accounts } = this.parts
    const { playbook, waitingFor = await readEnds(log, SOURCES) } = payloadOf(payload)
    if (!(await hasPassed(database.manager, GROUP, waitingFor))) return { waitingFor }
    for (;;) {
      signal.throwIfAborted()
      const goneOver = await accounts.goOn(playbook, clock.now())
      if (goneOver !== 'more') return { goneOver }
    }
  }

  async settle({ payload }: Timer, result: Result, work: Work): Promise<TimerResult> {
    const { playbook } = payloadOf(payload)
    if ('waitingFor' in result) {
      const waiting: SchedulePayload = { playbook, ...(result.waitingFor && { waitingFor: result.waitingFor }) }
      return { again: new Date(work.now.getTime() + CATCH_UP_MS), payload: waiting }
    }
    const progress = await this.parts.schedules.progress(work.tx, playbook)
    if (progress === undefined) return 'fired'
    const again = nextDue(progress.timing, result.goneOver ?? work.now, this.parts.local)
    return { again, payload: { playbook } satisfies SchedulePayload }
  }
}
