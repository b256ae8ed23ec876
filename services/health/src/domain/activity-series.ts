import { WINDOW, type Activity, type Levels } from './activity.ts'
import type { Day } from './calendar.ts'

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
  private readonly activity: Activity
  private readonly active: readonly number[]
  private readonly personDaysTo: readonly number[]

  constructor(activity: Activity) {
    this.activity = activity
    this.first = activity.first
    this.active = sums(activity.persons, (persons) => (persons > 0 ? 1 : 0))
    this.personDaysTo = sums(activity.persons, (persons) => persons)
  }

  /** Days with any use, of the 28 that end on `day`. */
  readonly activeDays: Series = (day) => this.inWindow(this.active, day)

  /** Distinct (person, day) pairs in the 28 days that end on `day`. */
  readonly personDays: Series = (day) => this.inWindow(this.personDaysTo, day)

  /** Distinct track names in the 28 days that end on `day`. */
  readonly trackNames: Series = (day) => this.activity.breadth[day - this.activity.start] ?? 0

  checkpointOf(level: keyof Levels): Checkpoint {
    const { first, start, levels } = this.activity
    return levels ? { day: start + WINDOW - 2, level: levels[level] } : { day: first, level: null }
  }

  private inWindow(totals: readonly number[], day: Day): number {
    const upTo = (to: Day): number =>
      totals[Math.max(0, Math.min(to - this.activity.start + 1, totals.length - 1))] ?? 0
    return upTo(day) - upTo(day - WINDOW)
  }
}

// Entry i is the sum of the first i values.
const sums = (values: readonly number[], of: (value: number) => number): number[] => {
  const totals = [0]
  let total = 0
  for (const value of values) totals.push((total += of(value)))
  return totals
}
