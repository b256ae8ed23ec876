import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Day } from './day.ts'
import { advanceDrop, type DropState, nextLevel, usualChange, useChange } from './drop.ts'

/** Person-days of each day from day 0. */
const used = (persons: readonly number[], start: Day = 0) => ({
  first: 0,
  start,
  persons: (day: Day) => (day < start ? 0 : (persons[day] ?? 0)),
})
const days = (count: number, persons: number): number[] => Array.from({ length: count }, () => persons)

/** Day by day, each judged by what is known then. */
const run = (seriesOn: (day: Day) => ReturnType<typeof used>, from: Day, to: Day, usual = 0): DropState[] => {
  const states: DropState[] = []
  for (let day = from; day <= to; day += 1) states.push(advanceDrop(states.at(-1) ?? null, seriesOn(day), day, usual))
  return states
}

describe('the change of use', () => {
  it('sets the last seven days against the weeks before', () => {
    const series = used([...days(63, 2), ...days(7, 1)])

    expect(useChange(series, 62)).toEqual({ recent: 14, usual: 14, change: 0 })
    expect(useChange(series, 69)).toEqual({ recent: 7, usual: 14, change: Math.log(8 / 15) })
    // Two days of the eight weeks have one person: (54·2 + 2·1)/8.
    expect(useChange(series, 71)?.usual).toBeCloseTo(110 / 8, 12)
  })

  it('takes as much of the eight weeks as there is', () => {
    expect(useChange(used(days(29, 2)), 28)).toEqual({ recent: 14, usual: 14, change: 0 })
    expect(useChange(used(days(28, 2)), 27)).toBeNull()
  })

  it('is not judged where there is hardly any use, or no series', () => {
    expect(useChange(used([...days(8, 2), ...days(60, 0)]), 62)).toMatchObject({ usual: 2 })
    expect(useChange(used([...days(7, 2), 1, ...days(60, 0)]), 62)).toBeNull()
    expect(useChange(used(days(200, 2), 100), 161)).toBeNull()
    expect(useChange(used(days(200, 2), 100), 162)).toMatchObject({ usual: 14 })
  })

  it('of all accounts is their median, within bounds, from twenty on', () => {
    expect(usualChange([...days(10, -0.3), ...days(10, -0.1)])).toBeCloseTo(-0.2, 12)
    expect(usualChange(days(19, -0.3))).toBe(0)
    expect(usualChange(days(20, -9))).toBe(-1.6)
    expect(usualChange(days(20, 9))).toBe(0.4)
  })
})

describe('the drop detector', () => {
  // v on day 99 is 0.05·2^(−72/56) = 0.020508, s = 0.143207. Then r = ln(13/15) = −0.143101 (S = 0 still),
  // ln(11/15) = −0.310155 (beyond 2s: v stays; S = 1.165793), ln(9/15): S = 3.732739, then −4 each: 6.7327, 9.7327, 12.7327.
  const silent = used(days(100, 2))

  it('adds up how far use lies below what is usual', () => {
    let level = { variance: 0.05 * 2 ** (-72 / 56), sum: 0 }
    const sums = [12, 10, 8, 6, 4, 2].map((recent) => {
      level = nextLevel(level, Math.log((recent + 1) / 15))
      return level.sum
    })
    expect(level.variance).toBeCloseTo(0.020508, 6)
    expect(sums[0]).toBeCloseTo(0, 2)
    expect(sums.slice(1).map((sum) => Math.round(sum * 1e3) / 1e3)).toEqual([1.166, 3.733, 6.733, 9.733, 12.733])
  })

  it('raises an alarm six days after an account fell silent, and then none for 28 days', () => {
    const states = run(() => silent, 99, 160)

    // The silence lasts to day 133; then four days of −4 each add up to 12.
    const alarms = [...days(6, 0).map(() => null), ...days(32, 105), ...days(24, 137)]
    expect(states.map(({ alarm }) => alarm?.day ?? null)).toEqual(alarms)
    expect(states[6]?.alarm).toEqual({ day: 105, recent: 2, usual: 14 })
  })

  it('blames nobody for what all accounts do', () => {
    expect(run(() => silent, 99, 104, -1.6).at(-1)?.alarm).toBeNull()
    expect(run(() => silent, 99, 110, -0.7).at(-1)?.alarm?.day).toBeGreaterThan(105)
  })

  it('looks back over the series at first, and does not raise again what lies there', () => {
    const first = advanceDrop(null, used(days(100, 2)), 110, 0)
    expect(first.alarm?.day).toBe(105)
  })

  it('catches up with missed days as if it had been there', () => {
    const persons = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 60, maxLength: 160 })
    fc.assert(
      fc.property(persons, fc.integer({ min: 1, max: 40 }), (series, missed) => {
        const last = series.length - 1
        const daily = run(() => used(series), last - missed, last).at(-1)
        const first = advanceDrop(null, used(series), last - missed, 0)
        expect(advanceDrop(first, used(series), last, 0)).toEqual(daily)
        expect(daily && advanceDrop(daily, used(series), last - 3, 0)).toBe(daily)
      }),
    )
  })

  it('counts facts that come up to seven days late as if they had come in time', () => {
    const persons = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 80, maxLength: 160 })
    fc.assert(
      fc.property(persons, fc.integer({ min: 1, max: 7 }), (series, late) => {
        const last = series.length
        const known = (day: Day) => used(day < last ? series.slice(0, last - late) : series)
        const inTime = run(() => used(series), last - 10, last)
        const tooLate = run(known, last - 10, last)
        const [expected, found] = [inTime.at(-1), tooLate.at(-1)]
        // What an alarm tells is as known on its day.
        fc.pre(expected?.alarm?.day === found?.alarm?.day)
        expect({ ...found, alarm: null }).toEqual({ ...expected, alarm: null })
      }),
    )
  })

  it('is silent in steady use, never below zero, and for 28 days after an alarm', () => {
    const persons = fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 120, maxLength: 300 })
    fc.assert(
      fc.property(persons, (series) => {
        const states = run(() => used(series), 30, series.length - 1)
        const alarms = [...new Set(states.flatMap(({ alarm }) => (alarm ? [alarm.day] : [])))]
        expect(states.filter(({ sum, variance }) => sum < 0 || variance <= 0)).toEqual([])
        expect(alarms.filter((day, index) => index > 0 && day - (alarms[index - 1] ?? 0) <= 28)).toEqual([])
        expect(states.every(({ usualChanges }) => usualChanges.length <= 7)).toBe(true)
      }),
      { numRuns: 30 },
    )
    expect(run(() => used(days(400, 3)), 28, 399).at(-1)).toMatchObject({ sum: 0, alarm: null })
  })
})
