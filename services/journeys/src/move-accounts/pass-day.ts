import type { Work } from '@banso/messaging'
import type { Day } from '../domain/day.ts'
import { readAccounts } from '../store/accounts.ts'
import { causeOfDays } from './evidence.ts'
import { type Ground, moveAccounts } from './move-accounts.ts'

/** A day on which nothing else happened; the accounts are locked by now. */
export const passDay = async (work: Work, ground: Ground, accountIds: readonly string[], day: Day): Promise<void> => {
  const accounts = await readAccounts(work.tx, accountIds)
  await moveAccounts(
    work,
    ground,
    accounts.map((account) => ({ before: account, after: account, cause: causeOfDays(account), day })),
  )
}
