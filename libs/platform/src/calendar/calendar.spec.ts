import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { Calendar, formatDay, parseDay } from './calendar.ts'

describe('days', () => {
  it('are written and read as dates', () => {
    expect(parseDay('1970-01-02')).toBe(1)
    expect(parseDay('2024-02-29')).toBe(19_782)
    expect(formatDay(19_782)).toBe('2024-02-29')
    fc.assert(fc.property(fc.integer({ min: -200_000, max: 200_000 }), (day) => parseDay(formatDay(day)) === day))
  })
})

describe('Calendar', () => {
  it('gives the day on which an instant falls in its zone', () => {
    const late = new Date('2026-03-31T15:30:00Z')

    expect(formatDay(new Calendar('UTC').dayOf(late))).toBe('2026-03-31')
    expect(formatDay(new Calendar('Asia/Tokyo').dayOf(late))).toBe('2026-04-01')
    expect(formatDay(new Calendar('America/New_York').dayOf(new Date('2026-04-01T03:59:59.999Z')))).toBe('2026-03-31')
    expect(formatDay(new Calendar('America/New_York').dayOf(new Date('2026-04-01T04:00:00.000Z')))).toBe('2026-04-01')
  })

  it('follows the summer time of its zone', () => {
    const berlin = new Calendar('Europe/Berlin')

    expect(berlin.startOf(parseDay('2026-03-29')).toISOString()).toBe('2026-03-28T23:00:00.000Z')
    expect(berlin.startOf(parseDay('2026-03-30')).toISOString()).toBe('2026-03-29T22:00:00.000Z')
  })

  it('begins a day that has no midnight at its first instant', () => {
    const santiago = new Calendar('America/Santiago')

    expect(santiago.startOf(parseDay('2024-09-08')).toISOString()).toBe('2024-09-08T04:00:00.000Z')
  })

  it.each(['UTC', 'Asia/Tokyo', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Santiago', 'Asia/Kathmandu'])(
    'finds in %s the first instant of every day',
    (zone) => {
      const calendar = new Calendar(zone)
      fc.assert(
        fc.property(fc.integer({ min: parseDay('1990-01-01'), max: parseDay('2060-01-01') }), (day) => {
          const start = calendar.startOf(day).getTime()
          expect(calendar.dayOf(new Date(start))).toBe(day)
          expect(calendar.dayOf(new Date(start - 1))).toBe(day - 1)
        }),
      )
    },
  )

  it('finds when the clock shows a time: the first of two, the later of a gap', () => {
    const berlin = new Calendar('Europe/Berlin')
    const at = (day: string, minutes: number) => berlin.instantOf(parseDay(day), minutes).toISOString()

    expect(at('2026-01-31', 9 * 60)).toBe('2026-01-31T08:00:00.000Z')
    expect(at('2026-07-31', 9 * 60)).toBe('2026-07-31T07:00:00.000Z')
    expect(at('2026-10-25', 150)).toBe('2026-10-25T00:30:00.000Z')
    expect(at('2026-03-29', 150)).toBe('2026-03-29T01:30:00.000Z')
  })

  it('refuses a zone that does not exist', () => {
    expect(() => new Calendar('Mars/Olympus')).toThrow(RangeError)
  })
})
