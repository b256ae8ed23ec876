import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, daysBetween, LocalTime, weekdayOf } from './local-time.ts'

const ZONES = ['UTC', 'Asia/Tokyo', 'Asia/Kolkata', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']

const minutes = fc.integer({ min: 0, max: 1439 })
const hhmm = (of: number) => `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`
const shownIn = (zone: string, at: Date) =>
  new Intl.DateTimeFormat('sv', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at)

describe('days and times of a zone', () => {
  it('finds the instant at which the clock shows a time, unless it skips it', () => {
    const days = fc.integer({ min: 0, max: 1500 }).map((day) => addDays('2024-01-01', day))
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), days, minutes, (zone, day, of) => {
        const local = new LocalTime(zone)
        const at = local.instantOf(day, hhmm(of))
        const shown = shownIn(zone, at)
        expect(local.dayOf(at)).toBe(shown.slice(0, 10))
        // A clock is put forward by an hour at most.
        const skipped = shown !== `${day} ${hhmm(of)}`
        expect(skipped && shown.slice(0, 10) === day ? shown < `${day} ${hhmm(of + 61)}` : !skipped).toBe(true)
      }),
    )
  })

  it('takes the later hour of a gap and the first of two that are the same', () => {
    const berlin = new LocalTime('Europe/Berlin')
    expect(berlin.instantOf('2026-03-29', '02:30').toISOString()).toBe('2026-03-29T01:30:00.000Z')
    expect(berlin.instantOf('2026-10-25', '02:30').toISOString()).toBe('2026-10-25T00:30:00.000Z')
  })

  it('counts days by the calendar', () => {
    expect(new LocalTime('Asia/Tokyo').dayOf(new Date('2026-01-31T15:00:00Z'))).toBe('2026-02-01')
    expect(new LocalTime('America/New_York').dayOf(new Date('2026-02-01T04:59:00Z'))).toBe('2026-01-31')
    expect(daysBetween('2026-02-27', '2026-03-02')).toBe(3)
    expect(weekdayOf('2026-02-02')).toBe(0)
    expect(weekdayOf('2026-02-08')).toBe(6)
  })
})
