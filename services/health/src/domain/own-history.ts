import { nextLevel, type Checkpoint, type Series } from './activity-series.ts'
import type { Day } from './day.ts'

const LAG_DAYS = 7
const SPREAD_DAYS = 56
const LEAST_HISTORY_DAYS = 28
const LEAST_SPREAD = 0.25

/** 100/(1+exp(−r/τ)), τ = max(0.25, population standard deviation of `recent`), r = its last value. */
export const scoreAgainst = (recent: readonly number[]): number => {
  const mean = recent.reduce((sum, r) => sum + r, 0) / recent.length
  const spread = Math.sqrt(recent.reduce((sum, r) => sum + (r - mean) ** 2, 0) / recent.length)
  return 100 / (1 + Math.exp(-(recent.at(-1) ?? 0) / Math.max(LEAST_SPREAD, spread)))
}

/**
 * How a series stands against its own past: r = ln((x+1)/(b+1)), b the moving average of 7 days before, spread over the
 * last 56 days. Null before the history is 28 days long.
 */
export const ownHistory = (series: Series, first: Day, from: Checkpoint, asOf: Day): number | null => {
  if (asOf - first < LEAST_HISTORY_DAYS) return null
  const recent: number[] = []
  let level = from.level ?? series(from.day)
  for (let day = from.day; day <= asOf - LAG_DAYS; day += 1) {
    if (day > from.day) level = nextLevel(level, series(day))
    if (day > asOf - LAG_DAYS - SPREAD_DAYS) recent.push(Math.log((series(day + LAG_DAYS) + 1) / (level + 1)))
  }
  return scoreAgainst(recent)
}

const WEEKS = 8

const trendOn = (personDays: Series, first: Day, day: Day): number | null => {
  let sum = 0
  let weeks = 0
  for (let week = 1; week <= WEEKS && day - 7 * week - first >= LEAST_HISTORY_DAYS; week += 1) {
    sum += personDays(day - 7 * week)
    weeks += 1
  }
  return weeks === 0 ? null : Math.log((personDays(day) + 1) / (sum / weeks + 1))
}

/**
 * r = ln((act28(d)+1)/(mean of act28(d−7k), k = 1..8, +1)) over the weeks that lie at least 28 days after the first fact,
 * and its score. Null when there is none.
 */
export const trend = (personDays: Series, first: Day, asOf: Day): { r: number; score: number } | null => {
  const r = trendOn(personDays, first, asOf)
  if (r === null) return null
  const recent: number[] = []
  for (let day = asOf - SPREAD_DAYS + 1; day <= asOf; day += 1) {
    const then = trendOn(personDays, first, day)
    if (then !== null) recent.push(then)
  }
  return { r, score: scoreAgainst(recent) }
}
