import { mustNotRebuild, type Transactions, type Work } from '@banso/messaging'
import { ProblemError } from '@banso/platform'
import type { Days } from '../domain/day.ts'
import { milestonesOf } from '../domain/journey.ts'
import { BY_HAND } from '../move-accounts/evidence.ts'
import { moveAccounts } from '../move-accounts/move-accounts.ts'
import { type Account, lockAccounts, readAccounts } from '../store/accounts.ts'
import type { Journeys } from '../store/journeys.ts'
import { recordMilestone, takeBackMilestone } from '../store/milestones.ts'

export interface Said {
  readonly by: string
  readonly note: string
}

/** What people say of milestones that only people can tell of. */
export class MarkMilestones {
  constructor(
    private readonly transactions: Transactions,
    private readonly journeys: Journeys,
    private readonly days: Days,
  ) {}

  /** Said again, it stands as it was said first. */
  record(accountId: string, milestone: string, said: Said): Promise<void> {
    return this.#change(accountId, milestone, (work) =>
      recordMilestone(work.tx, { accountId, milestone, at: work.now, ...said }),
    )
  }

  /** 404 `MILESTONE_NOT_RECORDED` where nobody said so. */
  takeBack(accountId: string, milestone: string): Promise<void> {
    return this.#change(accountId, milestone, async (work) => {
      if (await takeBackMilestone(work.tx, accountId, milestone)) return true
      throw new ProblemError({
        code: 'MILESTONE_NOT_RECORDED',
        status: 404,
        detail: `nobody said that ${milestone} is reached`,
      })
    })
  }

  /** In a transaction in which all that is known of the account is there: half of it would be told as a move. */
  #change(accountId: string, milestone: string, change: (work: Work) => Promise<boolean>): Promise<void> {
    return this.transactions.run([], async (work) => {
      await mustNotRebuild(work.tx, 'journeys')
      await lockAccounts(work.tx, [accountId])
      const [before] = await readAccounts(work.tx, [accountId])
      await this.#check(work, before, milestone)
      if (!(await change(work))) return
      const [after] = await readAccounts(work.tx, [accountId])
      if (before === undefined || after === undefined) return
      const ground = { journeys: this.journeys, days: this.days }
      await moveAccounts(work, ground, [{ before, after, cause: BY_HAND, day: null }])
    })
  }

  async #check(work: Work, account: Account | undefined, name: string): Promise<void> {
    if (account?.journey == null) throw notFound('ACCOUNT_NOT_FOUND', 'no journey of such an account has begun')
    const journeyOf = await this.journeys.read(work.tx, [account.journey])
    const milestone = milestonesOf(journeyOf(account.journey).spec).find((one) => one.name === name)
    if (milestone === undefined) throw notFound('MILESTONE_NOT_FOUND', `its journey has no milestone ${name}`)
    if (milestone.when === undefined) return
    throw new ProblemError({
      code: 'MILESTONE_AUTOMATIC',
      status: 409,
      detail: `${name} is reached by what happens, not by what people say`,
    })
  }
}

const notFound = (code: string, detail: string): ProblemError => new ProblemError({ code, status: 404, detail })
