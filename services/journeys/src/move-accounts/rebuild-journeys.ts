import type { RebuildOptions } from '@banso/messaging'
import { clearUsage, lockAccounts, readAccounts, readAccountsAfter } from '../store/accounts.ts'
import { BY_HAND } from './evidence.ts'
import { type Ground, moveAccounts } from './move-accounts.ts'

/**
 * What use says follows from events alone. Then where accounts stand is derived anew, silently: it was told before. What
 * follows from scores stays, and what people said; so does the version that each account is on.
 */
export const rebuildJourneys = (ground: Ground): RebuildOptions => ({
  clear: clearUsage,
  republish: async (work, afterKey, limit) => {
    const accountIds = await readAccountsAfter(work.tx, afterKey, limit)
    if (accountIds.length === 0) return null
    await lockAccounts(work.tx, accountIds)
    const accounts = await readAccounts(work.tx, accountIds)
    await moveAccounts(
      work,
      ground,
      accounts.map((account) => ({ before: account, after: account, cause: BY_HAND, day: null, usesChanged: true })),
      'silently',
    )
    return accountIds.at(-1) ?? null
  },
})
