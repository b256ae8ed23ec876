// Satisfaction of those who rated their tickets: the older a rating, the less it counts.
import type { Day } from './day.ts'

/** How many tickets were rated on a day, and how many of them well; of each ticket the latest rating. */
export interface RatedDay {
  readonly day: Day
  readonly good: number
  readonly all: number
}

/** Ratings as of a day: each counts 1 on its day, and half of that 90 days later. */
export interface Ratings {
  readonly asOf: Day
  readonly good: number
  readonly all: number
  /** How many of them count at all. */
  readonly count: number
}

const HALF_LIFE_DAYS = 90
/** Twenty half-lives: what is older weighs less than a millionth, and counts no more. */
export const COUNTED_DAYS = 1_800
const PRIOR_WEIGHT = 5
const LEAST_RATINGS = 10

/** The tenant's mean until it has ten ratings. */
export const USUAL_SATISFACTION = 0.8

/** Ratings by day, in the order of days. */
export const ratedDays = (ratings: readonly { readonly day: Day; readonly good: boolean }[]): RatedDay[] =>
  [...Map.groupBy(ratings, ({ day }) => day)]
    .map(([day, rated]) => ({ day, good: rated.filter(({ good }) => good).length, all: rated.length }))
    .toSorted((a, b) => a.day - b.day)

/** Null without any of the 1,800 days up to that one. `days` in their order. */
export const ratingsOf = (days: readonly RatedDay[], asOf: Day): Ratings | null => {
  let [good, all, count] = [0, 0, 0]
  for (const rated of days) {
    if (rated.day > asOf || rated.day <= asOf - COUNTED_DAYS) continue
    const weight = left(asOf - rated.day)
    good += weight * rated.good
    all += weight * rated.all
    count += rated.all
  }
  return count === 0 ? null : { asOf, good, all, count }
}

const left = (days: number): number => 2 ** (-days / HALF_LIFE_DAYS)

/** p = (good + 5m)/(n + 5), m the tenant's mean. */
export const satisfactionOf = (ratings: Ratings, asOf: Day, mean: number): number => {
  const decay = left(asOf - ratings.asOf)
  return (ratings.good * decay + PRIOR_WEIGHT * mean) / (ratings.all * decay + PRIOR_WEIGHT)
}

/** Linear through (0.5, 0), (0.8, 60), (1, 100). */
export const scoreOfSatisfaction = (p: number): number => {
  if (p <= 0.5) return 0
  return p <= 0.8 ? ((p - 0.5) / 0.3) * 60 : 60 + ((Math.min(p, 1) - 0.8) / 0.2) * 40
}

/** The mean over all accounts, by the weights that the ratings have on a day. */
export const meanSatisfaction = (accounts: Iterable<Ratings | null>, asOf: Day): number => {
  let [good, all, count] = [0, 0, 0]
  for (const ratings of accounts) {
    if (!ratings) continue
    good += ratings.good * left(asOf - ratings.asOf)
    all += ratings.all * left(asOf - ratings.asOf)
    count += ratings.count
  }
  return count < LEAST_RATINGS ? USUAL_SATISFACTION : good / all
}
