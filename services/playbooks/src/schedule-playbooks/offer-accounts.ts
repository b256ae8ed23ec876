import { triggerFact } from '@banso/conditions'
import type { Transactions, Work } from '@banso/messaging'
import type { DataSource } from 'typeorm'
import type { LocalTime } from '../domain/local-time.ts'
import type { Occasion } from '../domain/occasion.ts'
import type { FactsOf, Occasions } from '../domain/ports.ts'
import { lastDue } from '../domain/schedule/due.ts'
import type { Schedules } from '../store/schedules.ts'

/** Accounts of a page; each page is a transaction. */
const PAGE = 500

const occasionOf = (playbook: string, dueAt: Date, accountId: string): Occasion => ({
  id: `${playbook}/${dueAt.toISOString()}/${accountId}`,
  eventType: 'schedule',
  on: 'schedule',
  time: dueAt,
  accountId,
  playbook,
  history: false,
  firstScore: false,
  trigger: triggerFact('schedule', dueAt),
  values: { dueAt: dueAt.toISOString() },
  evidence: [],
})

/** Offers every account to a playbook whose time has come; after a crash it goes on at the page that was not committed. */
export class OfferAccounts {
  constructor(
    private readonly database: DataSource,
    private readonly transactions: Transactions,
    private readonly schedules: Schedules,
    private readonly facts: FactsOf,
    private readonly occasions: Occasions,
    private readonly local: LocalTime,
  ) {}

  /** The next page. The time that was due once all are gone over; null where nobody wants it any more. */
  async goOn(playbook: string, now: Date): Promise<Date | null | 'more'> {
    const progress = await this.schedules.progress(this.database.manager, playbook)
    if (progress === undefined) return null
    const { timing } = progress
    const dueAt = lastDue(timing, now, this.local)
    const underWay = progress.dueAt?.getTime() === dueAt.getTime()
    if (underWay && progress.finished) return dueAt
    const from = underWay ? progress.goneOver : ''
    const accountIds = await this.facts.accounts(this.database.manager, from, PAGE)
    const stretch = { playbook, timing, dueAt, from, to: accountIds.at(-1) ?? from, last: accountIds.length < PAGE }
    await this.transactions.run(accountIds, async (work: Work) => {
      if (!(await this.schedules.goOver(work.tx, stretch))) return
      await this.occasions.offer(
        work,
        accountIds.map((accountId) => occasionOf(playbook, dueAt, accountId)),
      )
    })
    return 'more'
  }
}
