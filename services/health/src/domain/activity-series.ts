import { WINDOW, type Activity, type Levels } from './activity.ts'
import type { Day } from './day.ts'

const HALF_LIFE_DAYS = 56
const STEP = 1 - 2 ** (-1 / HALF_LIFE_DAYS)

/** A value per day. */
export type Series = (day: Day) => number

/** A day from which an average goes on; `level` null: it begins there, at the series' own value. */
export interface Checkpoint {
  readonly day: Day
  readonly level: number | null
}

/** The average, a day later. */
export const nextLevel = (level: number, value: number): number => level + STEP * (value - level)

/** The exponentially weighted moving average of a series on `day`, at or after the checkpoint. */
export const levelAt = (day: Day, series: Series, from: Checkpoint): number => {
  let level = from.level ?? series(from.day)
  for (let at = from.day + 1; at <= day; at += 1) level = nextLevel(level, series(at))
  return level
}

/** An account's usage as values per day. Before the activity's `start` they mean nothing. */
export class ActivitySeries {
  readonly first: Day
  readonly start: Day
  /** Distinct persons of a day. */
  readonly persons: Series
  /** Distinct persons in the 28 days that end on a day. */
  readonly users: Series
  /** Days with any use, of the 28 that end on a day. */
  readonly activeDays: Series
  /** Distinct (person, day) pairs in the 28 days that end on a day. */
  readonly personDays: Series
  /** Distinct track names in the 28 days that end on a day. */
  readonly trackNames: Series
  private readonly activity: Activity

  constructor(activity: Activity) {
    const { first, start, persons, reach, breadth } = activity
    this.activity = activity
    this.first = first
    this.start = start
    this.persons = seriesOf(start, persons)
    this.users = seriesOf(start, reach)
    this.activeDays = seriesOf(start, windowSums(persons.map((count) => (count > 0 ? 1 : 0))))
    this.personDays = seriesOf(start, windowSums(persons))
    this.trackNames = seriesOf(start, breadth)
  }

  checkpointOf(level: keyof Levels): Checkpoint {
    const { first, start, levels } = this.activity
    return levels ? { day: start + WINDOW - 2, level: levels[level] } : { day: first, level: null }
  }
}

const seriesOf =
  (start: Day, values: readonly number[]): Series =>
  (day) =>
    values[day - start] ?? 0

// Of the 28 values that end at each place, and of fewer at both ends.
const windowSums = (values: readonly number[]): number[] => {
  const sums: number[] = []
  let sum = 0
  for (let at = 0; at < values.length; at += 1) {
    sum += values[at] ?? 0
    if (at >= WINDOW) sum -= values[at - WINDOW] ?? 0
    sums.push(sum)
  }
  for (let leaving = values.length - WINDOW; leaving < values.length - 1; leaving += 1) {
    if (leaving >= 0) sum -= values[leaving] ?? 0
    sums.push(sum)
  }
  return sums
}
