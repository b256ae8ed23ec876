import type { RebuildOptions } from '@banso/messaging'
import { clearInputs, lockAccounts, readAccountsAfter } from '../store/accounts.ts'
import { scoreDay, type ScoreDayParts } from './score-day.ts'

/** Facts, activity and tickets follow from events alone. Where accounts stand does not: bands and moves have a past. */
export const rebuildScores = (parts: ScoreDayParts): RebuildOptions => ({
  clear: clearInputs,
  republish: async (work, afterKey, limit) => {
    const accountIds = await readAccountsAfter(work.tx, afterKey, limit)
    if (accountIds.length === 0) return null
    await lockAccounts(work.tx, accountIds)
    await scoreDay(work, accountIds, parts.calendar.dayOf(work.now), parts, 'always')
    return accountIds.at(-1) ?? null
  },
})
