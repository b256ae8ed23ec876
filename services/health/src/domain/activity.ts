// What scoring needs of an account's usage facts, kept as large as half a year of them, however long the account's
// history is: three daily series, and the levels of their averages where the series begin. It equals a recomputation
// from all facts.
import type { Day } from './day.ts'

/** Days that every measure looks back on: x(d) counts the days d−27 to d. */
export const WINDOW = 28

export interface Levels {
  readonly frequency: number
  readonly breadth: number
  readonly reach: number
}

/** Which track names breadth counts: those of a scorecard's list, or all (null). */
export type KeyFeatures = readonly string[] | null

export interface Activity {
  /** Day of the first fact. */
  readonly first: Day
  /** Day of the first entry of all series; it is `first` as long as nothing has left them. */
  readonly start: Day
  /** Distinct persons of each day, up to the last active one. */
  readonly persons: readonly number[]
  /** Distinct persons in the 28 days that end on each day, up to 27 days after the last use by one. */
  readonly reach: readonly number[]
  /** Distinct track names in the 28 days that end on each day, up to 27 days after the last use of one. */
  readonly breadth: readonly number[]
  /** The names that `breadth` counts. */
  readonly keyFeatures: KeyFeatures
  /** Moving averages of day `start + 26`; null when `start` is `first`. */
  readonly levels: Levels | null
  /** The first day of facts that are not in the series because they lie in the future. */
  readonly deferredFrom: Day | null
}
