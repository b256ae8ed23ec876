import type { Day } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { Activity, KeyFeatures } from '../domain/activity.ts'
import { type DayUse, fold } from '../domain/fold-activity.ts'
import { isLate } from '../domain/rescore.ts'
import { keyFeaturesOf } from '../domain/scorecard.ts'
import type { FoldedAccount, FoldingDay } from '../score-accounts/fold-events.ts'
import { readActivities } from '../score-accounts/refresh-activities.ts'
import type { Account } from '../store/account.ts'

/** The accounts with what became new in their activity; the facts are stored by now. */
export const foldUses = async (
  tx: EntityManager,
  { accounts, basis, receivedOn, today }: FoldingDay,
  news: ReadonlyMap<string, readonly DayUse[]>,
): Promise<readonly FoldedAccount[]> => {
  const keyFeatures = keyFeaturesOf(basis.scorecard)
  const folded = accounts.map((account) => ({
    account,
    activities: foldOne(account.activity, news.get(account.accountId) ?? [], receivedOn, today, keyFeatures),
  }))
  const beyond = folded.flatMap(({ account, activities }) => (activities === 'recompute' ? [account] : []))
  const anew = await readActivities(tx, beyond, today, keyFeatures)
  return folded.map(({ account, activities }) => {
    if (activities !== 'recompute') return withActivities(account, activities)
    const activity = anew.get(account.accountId) ?? null
    return withActivities(account, { late: activity, after: activity })
  })
}

interface Activities {
  readonly late: Activity | null
  readonly after: Activity | null
}

// What is too old for the series is late, and everything is read again.
const foldOne = (
  activity: Activity | null,
  uses: readonly DayUse[],
  receivedOn: Day,
  today: Day,
  keyFeatures: KeyFeatures,
): Activities | 'recompute' => {
  const foldAll = (onto: Activity | null, some: readonly DayUse[]): ReturnType<typeof fold> =>
    some.length === 0 ? onto : fold(onto, some, today, keyFeatures)
  const late = foldAll(
    activity,
    uses.filter(({ day }) => isLate(day, receivedOn)),
  )
  if (late === 'recompute') return late
  const after = foldAll(
    late,
    uses.filter(({ day }) => !isLate(day, receivedOn)),
  )
  return after === 'recompute' ? after : { late, after }
}

const withActivities = (account: Account, { late, after }: Activities): FoldedAccount => ({
  late: late === account.activity ? account : { ...account, activity: late },
  after: after === account.activity ? account : { ...account, activity: after },
})
