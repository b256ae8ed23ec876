import { describe, expect, it } from '@jest/globals'
import { levelAt } from './activity-series.ts'
import { ownHistory, scoreAgainst, trend } from './own-history.ts'

const always = (value: number) => () => value
const step = (day: number) => (day === 0 ? 0 : 10)
const silentToday = (day: number) => (day === 128 ? 0 : 20)
const muchLongAgo = (day: number) => (day < 1_000 - 56 ? 9_999 : 10)

describe('the moving average', () => {
  it('has gone half of the way after 56 days', () => {
    expect(levelAt(0, step, { day: 0, level: null })).toBe(0)
    expect(levelAt(56, step, { day: 0, level: null })).toBeCloseTo(5, 9)
    expect(levelAt(112, step, { day: 56, level: 5 })).toBeCloseTo(7.5, 9)
  })
})

describe('scoreAgainst', () => {
  it('is 50 at rest, and uses a spread of at least a quarter', () => {
    expect(scoreAgainst([0])).toBe(50)
    // 100/(1+e^(−0.5/0.25)) = 100/(1+0.135335) = 88.0797
    expect(scoreAgainst([0.5])).toBeCloseTo(88.0797, 4)
    // Standard deviation of −1 and 1 is 1: 100/(1+e^(−1)) = 73.1059
    expect(scoreAgainst([-1, 1])).toBeCloseTo(73.1059, 4)
  })
})

describe('ownHistory', () => {
  const begin = { day: 100, level: null }

  it('is missing before 28 days of history', () => {
    expect(ownHistory(always(4), 100, begin, 127)).toBeNull()
    expect(ownHistory(always(4), 100, begin, 128)).toBe(50)
  })

  it('measures today against the average of a week ago', () => {
    // 20 on every day but today, which has 0: r = ln(1/21) = −3.0445 after 21 days of r = 0;
    // spread = 3.0445·√21/22 = 0.63417; 100/(1+e^(3.0445/0.63417)) = 0.8158
    expect(ownHistory(silentToday, 100, begin, 128)).toBeCloseTo(0.8158, 3)
  })
})

describe('trend', () => {
  it('is missing until a week lies 28 days after the first fact', () => {
    expect(trend(always(10), 100, 134)).toBeNull()
    expect(trend(always(10), 100, 135)).toEqual({ r: 0, score: 50 })
  })

  it('compares with the mean of the weeks that there are', () => {
    // Day 142 has two weeks behind it, 135 and 128, with 10 and 30: r = ln(42/21) = 0.6931.
    // The days before: 135 has 128 alone, ln(11/31) = −1.0361; 136 to 141 have 10 then and 10 now: 0.
    const days = new Map([
      [128, 30],
      [142, 41],
    ])
    const found = trend((day) => days.get(day) ?? 10, 100, 142)

    expect(found?.r).toBeCloseTo(Math.log(2), 9)
    const mean = (Math.log(2) + Math.log(11 / 31)) / 8
    const spread = Math.sqrt(((Math.log(2) - mean) ** 2 + (Math.log(11 / 31) - mean) ** 2 + 6 * mean ** 2) / 8)
    expect(found?.score).toBeCloseTo(100 / (1 + Math.exp(-Math.log(2) / spread)), 9)
  })

  it('looks back eight weeks at most', () => {
    expect(trend(muchLongAgo, 0, 1_000)?.r).toBe(0)
  })
})
