import type { Timer, TimerHandler, TimerResult, Timers, Transactions, Work } from '@banso/messaging'
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common'
import type { DataSource } from 'typeorm'
import { addDays, type LocalTime } from '../domain/local-time.ts'
import type { WaitingRuns } from '../domain/ports.ts'
import { watchedAccounts } from '../store/watched-accounts.ts'

const KIND = 'day-passes'
/** Accounts of a page; each page is a transaction. */
const PAGE = 500

/** Days in a stage and the age of tickets change without an event: once a day, what waits for facts looks again. */
export class DayPasses implements TimerHandler, OnModuleInit, OnApplicationBootstrap {
  readonly kind = KIND

  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly timers: Pick<Timers, 'register'>,
    private readonly waiting: WaitingRuns,
    private readonly local: LocalTime,
  ) {}

  onModuleInit(): void {
    this.timers.register(this)
  }

  /** At once, for a midnight that passed while we were away; to look once more changes nothing. */
  async onApplicationBootstrap(): Promise<void> {
    await this.transactions.run([], async (work) =>
      work.schedule({ id: KIND, key: '', kind: KIND, dueAt: work.now, payload: null }),
    )
  }

  async perform(_timer: Timer, signal: AbortSignal): Promise<void> {
    for (let after = ''; ;) {
      signal.throwIfAborted()
      const accountIds = await watchedAccounts(this.database.manager, after, PAGE)
      if (accountIds.length > 0)
        await this.transactions.run(accountIds, (work) => this.waiting.factsChanged(work, accountIds))
      if (accountIds.length < PAGE) return
      after = accountIds.at(-1) ?? after
    }
  }

  async settle(_timer: Timer, _done: void, { now }: Work): Promise<TimerResult> {
    return { again: this.local.instantOf(addDays(this.local.dayOf(now), 1), '00:00') }
  }
}
