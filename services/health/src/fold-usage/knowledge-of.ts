import type { Account } from '../store/account.ts'
import type { Known, Use } from '../store/usage-facts.ts'

/** What the activities of accounts tell of where their facts lie: nearly always, none is later than a new one. */
export const knowledgeOf = (accounts: readonly Account[]): ((use: Pick<Use, 'accountId' | 'day'>) => Known) => {
  const activities = new Map(accounts.map(({ accountId, activity }) => [accountId, activity]))
  return ({ accountId, day }) => {
    const activity = activities.get(accountId)
    if (!activity) return 'none'
    const last = activity.start + activity.persons.length - 1
    return activity.deferredFrom !== null || day < last ? 'around' : 'up-to'
  }
}
