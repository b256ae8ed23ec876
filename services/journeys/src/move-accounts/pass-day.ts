import type { Work } from '@banso/messaging'
import type { Day } from '../domain/day.ts'
import { newestOf } from '../domain/facts.ts'
import { readAccounts } from '../store/accounts.ts'
import { causeOf, DAILY } from './evidence.ts'
import { type Ground, moveAccounts } from './move-accounts.ts'

/**
 * A day on which nothing else happened; the accounts are locked by now. For an account for which none has passed so far,
 * what the day finds follows from what we heard of it, and is as old as that.
 */
export const passDay = async (work: Work, ground: Ground, accountIds: readonly string[], day: Day): Promise<void> => {
  const accounts = await readAccounts(work.tx, accountIds)
  await moveAccounts(
    work,
    ground,
    accounts.map((account) => {
      const newest = newestOf(account.facts)
      const cause = account.livedDay === null && newest !== null ? causeOf([newest]) : DAILY
      return { before: account, after: account, cause, day }
    }),
  )
}
