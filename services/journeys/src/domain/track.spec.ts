import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Track } from './facts.ts'
import type { JourneySpec } from './journey.ts'
import { instant, sample, samplesOf, utc } from './samples.suite.ts'
import { evolveSeries, REVISED_DAYS, type Sample, type ScoreSeries } from './score-series.ts'
import { followScores, type Taken, takeScores, turned } from './track.ts'

const title = { en: 'x', ja: 'x' }
const spec: JourneySpec = {
  dormantAfter: 'P28D',
  stages: [
    { name: 'adoption', title, next: { 'expansion-ready': {} } },
    { name: 'expansion', title, back: { failing: 2, for: 'P28D' } },
  ],
}
const NO_LIMITS = { seats: null, planLimit: null }
type Tracks = Readonly<Record<string, Track>>

const rules = { spec, limits: NO_LIMITS }

/** What the service does with chunks of scores. */
const foldAll = (chunks: readonly (readonly Sample[])[]): Tracks =>
  chunks.reduce<Taken>((taken, chunk) => takeScores(taken, chunk, rules, utc), { series: [], tracks: {} }).tracks

/** All days, each judged by all scores. */
const plainly = (series: ScoreSeries): Tracks =>
  followScores({}, { series, limits: NO_LIMITS, changedFrom: 0 }, spec, utc)

// Weeks of the same kind, so that rules turn; each score comes late by less than the days that may be revised.
const history = fc
  .array(fc.record({ share: fc.constantFrom(0.2, 0.9), trend: fc.constantFrom(-1, 0.1, null) }), {
    minLength: 2,
    maxLength: 20,
  })
  .chain((weeks) => {
    const days = weeks.flatMap((given, week) => samplesOf(7 * week + 1, 7 * week + 7, given))
    return fc
      .array(fc.record({ delay: fc.integer({ min: 0, max: REVISED_DAYS - 1 }), again: fc.boolean() }), {
        minLength: days.length,
        maxLength: days.length,
      })
      .map((lateness) => {
        const arrivals = days.flatMap((one, index) => {
          const { delay = 0, again = false } = lateness[index] ?? {}
          const due = [{ at: one.day + delay, one }]
          return again ? [...due, { at: one.day + 30, one }] : due
        })
        return { days, late: arrivals.toSorted((a, b) => a.at - b.at).map(({ one }) => one) }
      })
  })

const chunked = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, chunk) => all.slice(chunk * size, (chunk + 1) * size))

describe('rules that are followed from day to day', () => {
  it('turn on the same days whether scores come in order, late, repeated or all at once', () => {
    fc.assert(
      fc.property(history, fc.integer({ min: 1, max: 9 }), ({ days, late }, size) => {
        const expected = plainly(days)
        expect(foldAll(days.map((day) => [day]))).toEqual(expected)
        expect(foldAll(chunked(late, size))).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('turn on the day of a score that came in time, though a newer one comes with it', () => {
    const [first, late, last] = [samplesOf(1, 14), sample(15), samplesOf(16, 15 + REVISED_DAYS - 1, { trend: -1 })]
    const next = sample(15 + REVISED_DAYS, { trend: -1 })
    const expected = plainly([...first, late, ...last, next])
    expect(Object.values(expected)[0]?.[0]?.day).toBe(15)
    expect(foldAll([first, last, [late, next]])).toEqual(expected)
    expect(foldAll([first, last, [late], [next]])).toEqual(expected)
  })

  it('lead to expansion and back', () => {
    const days = [...samplesOf(1, 30), ...samplesOf(31, 70, { share: 0.1, trend: -2 })]
    const [ready, lost] = Object.values(plainly(days)).map((track) => track.map(({ day, met }) => ({ day, met })))
    expect(ready).toEqual([
      { day: 15, met: true },
      { day: 38, met: false },
    ])
    expect(lost).toEqual([{ day: 59, met: true }])
  })

  it('take the newest score of a day, in whatever order its scores come', () => {
    const first = sample(1, { version: [1, 5], share: 0.1 })
    const second = sample(1, { version: [2, 1], share: 0.9 })
    expect(evolveSeries(evolveSeries([], [second]), [first])).toEqual([second])
    expect(evolveSeries([], [first, second])).toEqual([second])
  })

  it('turn only where they did not hold before', () => {
    const said = { met: true, reason: 'r', values: {}, evidence: [] }
    const track = turned([], 3, instant(3), said)
    expect(track).toHaveLength(1)
    expect(turned(track, 4, instant(4), said)).toBe(track)
    expect(turned(track, 5, instant(5), { ...said, met: false })).toEqual([
      ...track,
      { day: 5, at: instant(5), met: false },
    ])
    expect(turned([], 5, instant(5), { ...said, met: false })).toEqual([])
  })
})
