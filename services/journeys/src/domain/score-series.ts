// The scores of an account by day, as far back as rules look; and on which days rules that look at them hold.
import type { Day } from './day.ts'

/** What a day's score says of the criteria. Null: it says nothing. */
export interface Sample {
  readonly day: Day
  /** Of the record that said it: the newest of a day counts. */
  readonly version: readonly [generation: number, sequence: number]
  readonly eventId: string
  /** Active users of the seats. */
  readonly share: number | null
  readonly breadth: { readonly score: number | null; readonly rank: number | null }
  readonly trend: number | null
  readonly experience: number | null
}

/** In the order of days, one a day. */
export type ScoreSeries = readonly Sample[]

/** A day's findings may change for so long after it: a score that comes later than that is passed over. */
export const REVISED_DAYS = 28
/** Rules look back 8 weeks at most. */
const KEPT_DAYS = REVISED_DAYS + 56

const isNewer = ([generation, sequence]: Sample['version'], than: Sample['version']): boolean =>
  generation > than[0] || (generation === than[0] && sequence > than[1])

/** The series with these samples. In whatever order they come, and repeated: the same result. */
export const evolveSeries = (series: ScoreSeries, samples: readonly Sample[]): ScoreSeries => {
  const days = new Map(series.map((sample) => [sample.day, sample]))
  for (const sample of samples) {
    const known = days.get(sample.day)
    if (known === undefined || isNewer(sample.version, known.version)) days.set(sample.day, sample)
  }
  const sorted = [...days.values()].toSorted((a, b) => a.day - b.day)
  const newest = sorted.at(-1)?.day ?? 0
  return sorted.filter(({ day }) => day > newest - KEPT_DAYS)
}
