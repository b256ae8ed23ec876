import type { Day } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { Activity, KeyFeatures } from '../domain/activity.ts'
import { activityOf, isOutdated } from '../domain/fold-activity.ts'
import type { Account } from '../store/account.ts'
import { readDays } from '../store/usage-facts.ts'

/** The accounts; of those whose activity must be made anew (days of the future have come, other names count), with that. */
export const refreshed = async (
  tx: EntityManager,
  accounts: readonly Account[],
  today: Day,
  keyFeatures: KeyFeatures,
): Promise<readonly Account[]> => {
  const outdated = accounts.filter(({ activity }) => activity && isOutdated(activity, today, keyFeatures))
  if (outdated.length === 0) return accounts
  const anew = await readActivities(tx, outdated, today, keyFeatures)
  return accounts.map((account) =>
    anew.has(account.accountId) ? { ...account, activity: anew.get(account.accountId) ?? null } : account,
  )
}

/** The activity of these accounts from all their facts. */
export const readActivities = async (
  tx: EntityManager,
  accounts: readonly Account[],
  today: Day,
  keyFeatures: KeyFeatures,
): Promise<ReadonlyMap<string, Activity | null>> => {
  const days = await readDays(
    tx,
    accounts.map(({ accountId }) => accountId),
  )
  return new Map(
    accounts.map(({ accountId }) => [accountId, activityOf(days.get(accountId) ?? [], today, keyFeatures)]),
  )
}
