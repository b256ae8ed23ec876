import type { Days } from '../domain/day.ts'
import type { Facts } from '../domain/facts.ts'
import { followScores } from '../domain/track.ts'
import type { Account } from '../store/accounts.ts'
import type { KnownJourney } from '../store/journeys.ts'
import { type Known, limitsOf } from '../store/known.ts'

/** The account with these facts, and with what its scores mean to its journey, if that has begun; `changedFrom`: a day. */
export const followAccount = (
  account: Account,
  facts: Facts,
  journey: KnownJourney | null,
  { profile, series, changedFrom }: Known & { readonly changedFrom: number },
  days: Days,
): Account => {
  if (journey === null) return { ...account, facts }
  const scores = { series, limits: limitsOf(profile, journey.spec), changedFrom }
  return { ...account, facts: { ...facts, tracks: followScores(facts.tracks, scores, journey.spec, days) } }
}
