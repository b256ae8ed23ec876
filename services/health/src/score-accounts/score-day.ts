import type { Work } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Calendar, Day } from '../domain/calendar.ts'
import { foldUses } from '../fold-usage/fold-uses.ts'
import { type Account, readAccounts, writeInputs } from '../store/accounts.ts'
import { scoreAccounts } from './score-accounts.ts'

/** Scores these accounts for a day on which nothing else happened; they are locked by now. */
export const scoreDay = async (
  work: Work,
  accountIds: readonly string[],
  day: Day,
  calendar: Calendar,
  always: 'always' | 'news' = 'news',
): Promise<void> => {
  const accounts = await upToDate(work.tx, await readAccounts(work.tx, accountIds, calendar), day)
  await scoreAccounts(
    work,
    accounts.map((account) => ({ before: account, after: account, evidence: null, day })),
    always,
  )
}

// Facts that were in the future when they were folded may have come.
const upToDate = async (tx: EntityManager, stored: readonly Account[], day: Day): Promise<readonly Account[]> => {
  const accounts = await foldUses(tx, stored, new Map(), day)
  if (accounts.some(({ activity }, index) => activity !== stored[index]?.activity))
    await writeInputs(tx, stored, accounts)
  return accounts
}
