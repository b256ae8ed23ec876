import type { Timer, TimerHandler, TimerResult, Timers, Transactions, Work } from '@banso/messaging'
import type { Clock } from '@banso/platform'
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import type { LocalTime } from '../domain/local-time.ts'
import { triggerFact } from '../domain/matches.ts'
import type { Occasion } from '../domain/occasion.ts'
import type { PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import type { FactsOf, Occasions } from '../domain/ports.ts'
import { lastDue, nextDue } from '../domain/schedule/due.ts'
import type { Schedules } from '../store/schedules.ts'
import type { SchedulePlaybooks } from './schedule-playbooks.ts'
import { playbookOf, SCHEDULE_TIMER } from './schedule-timer.ts'

/** Accounts of a page; each page is a transaction. */
const PAGE = 500

export interface FireSchedulesParts {
  readonly database: DataSource
  readonly transactions: Transactions
  readonly timers: Pick<Timers, 'register'>
  readonly clock: Clock
  readonly local: LocalTime
  readonly facts: FactsOf
  readonly occasions: Occasions
  readonly playbooks: PlaybooksAtHand
  readonly schedules: Schedules
  readonly schedule: SchedulePlaybooks
}

/** The time that was gone over; null: none, or nobody wants it any more. */
type Result = Date | null

/**
 * Offers every account to a playbook whose time has come, page by page. After a crash it goes on at the page that was not
 * committed. Of times that passed while we were away, the newest counts alone.
 */
export class FireSchedules implements TimerHandler<Result>, OnModuleInit, OnApplicationBootstrap {
  readonly kind = SCHEDULE_TIMER

  constructor(private readonly parts: FireSchedulesParts) {}

  onModuleInit(): void {
    this.parts.timers.register(this)
  }

  /** Playbooks of before there were timers, and another time zone. */
  async onApplicationBootstrap(): Promise<void> {
    const { transactions, playbooks, schedule } = this.parts
    await transactions.run([], async (work) => schedule.keep(work, await playbooks.all(work.tx)))
  }

  async perform({ payload }: Timer, signal: AbortSignal): Promise<Result> {
    const playbook = playbookOf(payload)
    for (;;) {
      signal.throwIfAborted()
      const done = await this.#goOn(playbook)
      if (done !== 'more') return done
    }
  }

  async settle({ payload }: Timer, goneOver: Result, work: Work): Promise<TimerResult> {
    const progress = await this.parts.schedules.progress(work.tx, playbookOf(payload))
    if (progress === undefined) return 'fired'
    return { again: nextDue(progress.timing, goneOver ?? work.now, this.parts.local) }
  }

  async #goOn(playbook: string): Promise<Result | 'more'> {
    const { database, schedules, facts, transactions, clock, local } = this.parts
    const progress = await schedules.progress(database.manager, playbook)
    if (progress === undefined) return null
    const { timing } = progress
    const dueAt = lastDue(timing, clock.now(), local)
    const underWay = progress.dueAt?.getTime() === dueAt.getTime()
    if (underWay && progress.finished) return dueAt
    const from = underWay ? progress.goneOver : ''
    const accountIds = await facts.accounts(database.manager, from, PAGE)
    const stretch = { playbook, timing, dueAt, from, to: accountIds.at(-1) ?? from, last: accountIds.length < PAGE }
    await transactions.run(accountIds, async (work) => {
      if (await schedules.goOver(work.tx, stretch)) await this.#offer(work, playbook, dueAt, accountIds)
    })
    return 'more'
  }

  #offer(work: Work, playbook: string, dueAt: Date, accountIds: readonly string[]): Promise<void> {
    const due = dueAt.toISOString()
    const occasions = accountIds.map((accountId): Occasion => ({
      id: `${playbook}/${due}/${accountId}`,
      eventType: 'schedule',
      on: 'schedule',
      time: dueAt,
      accountId,
      playbook,
      history: false,
      firstScore: false,
      trigger: triggerFact('schedule', dueAt),
      values: { dueAt: due },
      evidence: [],
    }))
    return this.parts.occasions.offer(work, occasions)
  }
}
