// Scores as tests need them.
import type { Days } from './day.ts'
import type { Sample } from './score-series.ts'

const DAY_MS = 86_400_000

/** Days of UTC. */
export const utc: Days = {
  dayOf: (instant) => Math.floor(instant.getTime() / DAY_MS),
  startOf: (day) => new Date(day * DAY_MS),
}

export const instant = (day: number, hour = 0): string => new Date(day * DAY_MS + hour * 3_600_000).toISOString()

/** A score that meets all criteria, but for what is given. */
export const sample = (day: number, given: Partial<Sample> = {}): Sample => ({
  day,
  version: [1, day],
  eventId: `score-${day}`,
  share: 0.9,
  breadth: { score: 80, rank: 90 },
  trend: 0.1,
  experience: 70,
  ...given,
})

export const samplesOf = (from: number, to: number, given: Partial<Sample> = {}): Sample[] =>
  Array.from({ length: to - from + 1 }, (_, index) => sample(from + index, given))
