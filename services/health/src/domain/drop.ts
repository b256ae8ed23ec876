// The drop detector: a cusum over how far an account's use lies below what it usually is. Days are judged when they are
// over. What is told by an alarm is what was known then; facts that come up to 7 days late count as if they had come
// in time, later ones only in the days that are judged from then on.
import type { ActivitySeries, Series } from './activity-series.ts'
import { WINDOW } from './activity.ts'
import type { Day } from './day.ts'

/** The last alarm: its day, and person-days of the 7 days that ended then and of a usual week. */
export interface Alarm {
  readonly day: Day
  readonly recent: number
  readonly usual: number
}

export interface DropState {
  /** The last day that facts which are late no longer change. */
  readonly day: Day
  /** Moving variance of r, and the cusum, as of that day. */
  readonly variance: number
  readonly sum: number
  /** How all accounts changed, on each day judged since. */
  readonly usualChanges: readonly number[]
  readonly alarm: Alarm | null
}

export interface UseChange {
  readonly recent: number
  readonly usual: number
  /** ln((recent + 1)/(usual + 1)) */
  readonly change: number
}

const WEEK = 7
const USUAL_DAYS = 56
const LEAST_USUAL = 2
const LATE_DAYS = 7
const SILENCE_DAYS = 28
const FIRST_VARIANCE = 0.05
const LEAST_DEVIATION = 0.1
const VARIANCE_STEP = 1 - 2 ** (-1 / 56)
const SLACK = 1
const LIMIT = 10
const FELL_BELOW = Math.log(0.75)
const LEAST_ACCOUNTS = 20

type UseSeries = Pick<ActivitySeries, 'persons' | 'first' | 'start'>

const sumOf = (series: Series, from: Day, to: Day): number => {
  let sum = 0
  for (let day = from; day <= to; day += 1) sum += series(day)
  return sum
}

/**
 * Person-days of the 7 days that end on a day, against the weekly mean of the 8 weeks before (of as much of them as lies
 * after the first fact). Null when the first fact is less than 28 days back, a usual week has fewer than 2, or the series
 * no longer reach back that far.
 */
export const useChange = (series: UseSeries, day: Day): UseChange | null => {
  if (day - series.first < WINDOW) return null
  if (series.start > series.first && day - WEEK - USUAL_DAYS + 1 < series.start) return null
  const [from, to] = [Math.max(series.first, day - WEEK - USUAL_DAYS + 1), day - WEEK]
  const usual = (WEEK * sumOf(series.persons, from, to)) / (to - from + 1)
  if (usual < LEAST_USUAL) return null
  const recent = sumOf(series.persons, day - WEEK + 1, day)
  return { recent, usual, change: Math.log((recent + 1) / (usual + 1)) }
}

/** How all accounts changed: their median, clipped; 0 below 20 accounts. */
export const usualChange = (changes: readonly number[]): number => {
  if (changes.length < LEAST_ACCOUNTS) return 0
  const sorted = changes.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1] ?? 0, sorted[sorted.length >> 1] ?? 0]
  return Math.max(-1.6, Math.min(0.4, (low + high) / 2))
}

interface Level {
  readonly variance: number
  readonly sum: number
}

const deviationOf = (variance: number): number => Math.max(Math.sqrt(variance), LEAST_DEVIATION)

/** The cusum a day later, r being how far use lies from what is usual. */
export const nextLevel = ({ variance, sum }: Level, r: number): Level => {
  const isUsual = r > -2 * deviationOf(variance)
  const next = isUsual ? variance + VARIANCE_STEP * (Math.min(r * r, 1) - variance) : variance
  const deviations = Math.max(-4, Math.min(4, r / deviationOf(next)))
  return { variance: next, sum: Math.max(0, sum - deviations - SLACK) }
}

// Of the days whose facts are all in the series.
const beginning = ({ first, start }: UseSeries): DropState => ({
  day: start === first ? first + WINDOW - 1 : start + WEEK + USUAL_DAYS - 2,
  variance: FIRST_VARIANCE,
  sum: 0,
  usualChanges: [],
  alarm: null,
})

/**
 * The state after `day`, which is over, and after all days before it that were missed; `usual`: how all accounts changed
 * on these. A first state looks back over the whole series, as if it had been there.
 */
export const advanceDrop = (state: DropState | null, series: UseSeries, day: Day, usual: number): DropState => {
  const from = state ?? beginning(series)
  const judged = from.day + from.usualChanges.length
  if (day <= judged) return from
  return judge(
    { ...from, usualChanges: [...from.usualChanges, ...Array<number>(day - judged).fill(usual)] },
    series,
    judged,
  )
}

// Goes through the days again that late facts may have changed; raises alarms only on those after `judged`.
const judge = (from: DropState, series: UseSeries, judged: Day): DropState => {
  let { alarm } = from
  let level: Level = from
  let settled: Level & { readonly day: Day } = from
  const last = from.day + from.usualChanges.length
  from.usualChanges.forEach((usual, index) => {
    const day = from.day + 1 + index
    const found = useChange(series, day)
    const isSilent = alarm !== null && day >= alarm.day && day <= alarm.day + SILENCE_DAYS
    if (found) {
      const r = found.change - usual
      level = nextLevel(level, r)
      if (isSilent) level = { ...level, sum: 0 }
      else if (day > judged && level.sum > LIMIT && r < FELL_BELOW) {
        alarm = { day, recent: found.recent, usual: found.usual }
        level = { ...level, sum: 0 }
      }
    }
    if (day <= last - LATE_DAYS) settled = { ...level, day }
  })
  const { day, variance, sum } = settled
  return { day, variance, sum, usualChanges: from.usualChanges.slice(day - from.day), alarm }
}
