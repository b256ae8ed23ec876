import type { EntityManager } from 'typeorm'
import type { Day } from '../domain/calendar.ts'
import { activityOf, type DayUse, fold, isOutdated } from '../domain/fold-activity.ts'
import type { Account } from '../store/accounts.ts'
import { readDays } from '../store/usage-facts.ts'

/** The accounts with what became new in their activity; the facts are stored by now. */
export const foldUses = async (
  tx: EntityManager,
  accounts: readonly Account[],
  news: ReadonlyMap<string, readonly DayUse[]>,
  today: Day,
): Promise<readonly Account[]> => {
  const folded = accounts.map((account) => ({
    account,
    activity: foldOne(account, news.get(account.accountId), today),
  }))
  const days = await readDays(
    tx,
    folded.flatMap(({ account, activity }) => (activity === 'recompute' ? [account.accountId] : [])),
  )
  return folded.map(({ account, activity }) => ({
    ...account,
    activity: activity === 'recompute' ? activityOf(days.get(account.accountId) ?? [], today) : activity,
  }))
}

const foldOne = ({ activity }: Account, uses: readonly DayUse[] | undefined, today: Day): ReturnType<typeof fold> => {
  if (activity && isOutdated(activity, today)) return 'recompute'
  return uses ? fold(activity, uses, today) : activity
}
