import type { AccountScored } from '@banso/contracts'
import { isDeepStrictEqual } from 'node:util'
import { formatDay } from './day.ts'
import type { Scorecard } from './scorecard.ts'
import { scoreOf, type Standing } from './standing.ts'

/** Event times of an account's newest inputs of each kind. */
export interface Freshness {
  readonly newestUsageAt: Date | null
  readonly newestTicketAt: Date | null
}

/** The score of a standing, as it is published. */
export const scoredOf = (
  accountId: string,
  standing: Standing,
  scorecard: Scorecard,
  inputs: Freshness,
  now: Date,
): AccountScored => ({
  accountId,
  scoredAt: now.toISOString(),
  day: formatDay(standing.day),
  scorecard: { name: scorecard.name, version: scorecard.version },
  score: scoreOf(standing),
  band: standing.bands.band,
  partial: standing.score.partial,
  coverage: standing.score.coverage,
  outcome: standing.score.outcome,
  experience: standing.score.experience,
  measures: [...standing.score.measures],
  ...(standing.override && {
    override: standing.override,
    computed: { score: standing.score.score, band: standing.computedBands?.band ?? null },
  }),
  ...(standing.anew && { measuredAnew: { day: formatDay(standing.anew.day), band: standing.anew.band } }),
  ...inputTimes(inputs),
})

/** `oldestInputAt` is the newest event of the kind that has been silent for longest. */
export const inputTimes = ({
  newestUsageAt,
  newestTicketAt,
}: Freshness): Pick<AccountScored, 'oldestInputAt' | 'newestInputAt'> => {
  const times = [newestUsageAt, newestTicketAt].flatMap((at) => (at ? [at.toISOString()] : [])).toSorted()
  return { oldestInputAt: times[0] ?? null, newestInputAt: times.at(-1) ?? null }
}

/** Whether a score says anything new. Times of its making and of its inputs do not count, but for their day in UTC. */
export const isNews = (before: AccountScored | null, after: AccountScored): boolean =>
  before === null || !isDeepStrictEqual(withoutTimes(before), withoutTimes(after))

const withoutTimes = (scored: AccountScored): AccountScored => ({
  ...scored,
  scoredAt: '',
  oldestInputAt: scored.oldestInputAt?.slice(0, 10) ?? null,
  newestInputAt: scored.newestInputAt?.slice(0, 10) ?? null,
})
