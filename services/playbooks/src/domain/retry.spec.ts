import { describe, expect, it } from '@jest/globals'
import { durationMs } from './duration.ts'
import { pauseAfter, retryAfterMs } from './retry.ts'

const HOUR = 3_600_000
const now = new Date('2026-01-31T09:00:00Z')

describe('the retry table', () => {
  it('pauses 5 s, 5 min, 30 min, 2, 5, 10, 14, 20, 24 h, then gives up', () => {
    const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((made) => pauseAfter(made, 0))
    const minutes = [5, 30].map((count) => count * 60_000)
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR)
    expect(pauses).toEqual([5_000, ...minutes, ...hours, null])
  })

  it('lengthens a pause by up to a fifth, never shortens it', () => {
    expect(pauseAfter(1, 0.5)).toBe(5_500)
    expect(pauseAfter(1, 0.999_999)).toBe(6_000)
  })

  it('waits as long as the receiver asks for, but no more than a day, and never less than the table', () => {
    expect(pauseAfter(1, 0, 60_000)).toBe(60_000)
    expect(pauseAfter(1, 0, 1_000)).toBe(5_000)
    expect(pauseAfter(1, 0, 1_000 * HOUR)).toBe(24 * HOUR)
  })
})

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Sat, 31 Jan 2026 09:00:30 GMT', 30_000],
    ['Sat, 31 Jan 2026 08:00:00 GMT', 0],
    ['soon', 0],
    ['-5', 0],
    ['1e9', 0],
    ['2026', 2_026_000],
    [undefined, 0],
  ])('%s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms)
  })
})

describe('durations', () => {
  it.each([
    ['P7D', 7 * 24 * HOUR],
    ['P2W', 14 * 24 * HOUR],
    ['PT12H', 12 * HOUR],
    ['P1DT1H30M5S', 25 * HOUR + 30 * 60_000 + 5_000],
    ['P0D', 0],
    ['P', null],
    ['PT', null],
    ['P1M', null],
    ['P1Y', null],
    ['7D', null],
    ['-P1D', null],
    ['P1.5D', null],
    ['P1DT', null],
  ])('%s', (text, ms) => {
    expect(durationMs(text)).toBe(ms)
  })
})
