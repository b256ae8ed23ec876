// Satisfaction of those who rated their tickets: the older a rating, the less it counts.
import type { Day } from './day.ts'

/** One rating of a ticket; of each ticket the latest. */
export interface Rating {
  readonly day: Day
  readonly good: boolean
}

/** Ratings as of a day: each counts 1 on its day, and half of that 90 days later. */
export interface Ratings {
  readonly asOf: Day
  readonly good: number
  readonly all: number
  /** How many there are, however old. */
  readonly count: number
}

const HALF_LIFE_DAYS = 90
const PRIOR_WEIGHT = 5
const LEAST_RATINGS = 10

/** The tenant's mean until it has ten ratings. */
export const USUAL_SATISFACTION = 0.8

/** Null without any up to that day. The order in which they are given does not matter. */
export const ratingsOf = (ratings: readonly Rating[], asOf: Day): Ratings | null => {
  const known = ratings.filter(({ day }) => day <= asOf).toSorted((a, b) => a.day - b.day)
  if (known.length === 0) return null
  const weightOf = (of: readonly Rating[]): number => of.reduce((sum, { day }) => sum + left(asOf - day), 0)
  return { asOf, good: weightOf(known.filter(({ good }) => good)), all: weightOf(known), count: known.length }
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
