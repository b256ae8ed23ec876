import { type Day, type Days, daysOf } from './day.ts'
import { type Limits, lostOn, readyOn, type Said } from './expansion.ts'
import type { Track } from './facts.ts'
import { type JourneySpec, keyOf, rulesOf, waysBackOf } from './journey.ts'
import { evolveSeries, REVISED_DAYS, type Sample, type ScoreSeries } from './score-series.ts'

/** The track after a rule was asked on a day. */
export const turned = (track: Track, day: Day, at: string, { met, ...finding }: Said): Track => {
  if (met === (track.at(-1)?.met ?? false)) return track
  return [...track, met ? { day, at, met, finding: { ...finding, at } } : { day, at, met }]
}

/** What a journey's rules look at. */
export interface Scores {
  readonly series: ScoreSeries
  readonly limits: Limits
  /** The first day of which something changed. */
  readonly changedFrom: Day
}

// What is older than the days that may be revised stays as it is, unless it was never asked.
const follow = (
  track: Track | undefined,
  { series, changedFrom }: Scores,
  days: Days,
  said: (day: Day) => Said,
): Track => {
  const revised = (series.at(-1)?.day ?? 0) - REVISED_DAYS + 1
  const from = track === undefined ? Number.NEGATIVE_INFINITY : Math.max(changedFrom, revised)
  const kept = (track ?? []).filter(({ day }) => day < from)
  return series
    .filter(({ day }) => day >= from)
    .reduce<Track>((known, { day }) => turned(known, day, days.startOf(day).toISOString(), said(day)), kept)
}

/** The tracks of all rules of a journey that look at scores, after these scores. */
export const followScores = (
  tracks: Readonly<Record<string, Track>>,
  scores: Scores,
  spec: JourneySpec,
  days: Days,
): Readonly<Record<string, Track>> => {
  const { series, limits } = scores
  const followed: Record<string, Track> = { ...tracks }
  const update = (rule: object, said: (day: Day) => Said): void => {
    const key = keyOf(rule)
    followed[key] = follow(followed[key], scores, days, said)
  }
  for (const rule of rulesOf(spec)) {
    if ('expansion-ready' in rule) update(rule, (day) => readyOn(day, series, rule['expansion-ready'], limits))
  }
  for (const way of waysBackOf(spec)) {
    update(way, (day) => lostOn(day, series, { ...way, days: daysOf(way.for) }, limits))
  }
  return followed
}

/** What is known of an account's scores, and what its journey's rules make of them. */
export interface Taken {
  readonly series: ScoreSeries
  readonly tracks: Readonly<Record<string, Track>>
}

/**
 * After these scores, taken in one after the other: days that may be revised go by the scores that came before, so that it
 * is the same however many come together. `rules`: of the journey, once it has begun.
 */
export const takeScores = (
  known: Taken,
  samples: readonly Sample[],
  rules: { readonly spec: JourneySpec; readonly limits: Limits } | null,
  days: Days,
): Taken =>
  samples.reduce<Taken>((taken, sample) => {
    const series = evolveSeries(taken.series, [sample])
    if (rules === null) return { ...taken, series }
    const scores = { series, limits: rules.limits, changedFrom: sample.day }
    return { series, tracks: followScores(taken.tracks, scores, rules.spec, days) }
  }, known)
