import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Schedule, WEEKDAYS } from '../document.ts'
import { daysBetween, LocalTime, weekdayOf } from '../local-time.ts'
import { lastDue, nextDue } from './due.ts'

const times = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map(([hours, minutes]) => `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`)
const schedules: fc.Arbitrary<Schedule> = fc.record({
  on: fc.constant('schedule' as const),
  every: fc.oneof(fc.constant('day' as const), fc.subarray([...WEEKDAYS], { minLength: 1 })),
  at: times,
})
const instants = fc.date({ min: new Date('2024-01-01'), max: new Date('2028-01-01'), noInvalidDate: true })
const zones = fc
  .constantFrom('UTC', 'Asia/Tokyo', 'Europe/Berlin', 'America/New_York')
  .map((name) => new LocalTime(name))

describe('when a schedule is due', () => {
  it('comes once on each of its days, clocks put forward or back included', () => {
    fc.assert(
      fc.property(schedules, instants, zones, (schedule, from, local) => {
        let due = nextDue(schedule, from, local)
        for (let nth = 0; nth < 15; nth += 1) {
          const next = nextDue(schedule, due, local)
          const days = daysBetween(local.dayOf(due), local.dayOf(next))
          const gap = schedule.every === 'day' ? 1 : gapAfter(schedule.every, weekdayOf(local.dayOf(due)))
          expect(days).toBe(gap)
          due = next
        }
      }),
    )
  })

  it('has no time between the last and the next', () => {
    fc.assert(
      fc.property(schedules, instants, zones, (schedule, at, local) => {
        const [last, next] = [lastDue(schedule, at, local), nextDue(schedule, at, local)]
        expect(last <= at && at < next).toBe(true)
        expect(nextDue(schedule, last, local)).toEqual(next)
        expect(lastDue(schedule, next, local)).toEqual(next)
      }),
    )
  })

  it('is due at the wall clock time, in summer and in winter', () => {
    const berlin = new LocalTime('Europe/Berlin')
    const daily: Schedule = { on: 'schedule', every: 'day', at: '09:00' }
    expect(nextDue(daily, new Date('2026-03-28T12:00:00Z'), berlin).toISOString()).toBe('2026-03-29T07:00:00.000Z')
    expect(lastDue(daily, new Date('2026-03-29T05:00:00Z'), berlin).toISOString()).toBe('2026-03-28T08:00:00.000Z')
  })
})

const gapAfter = (every: readonly (typeof WEEKDAYS)[number][], weekday: number): number => {
  for (let days = 1; days <= 7; days += 1) {
    const name = WEEKDAYS[(weekday + days) % 7]
    if (name !== undefined && every.includes(name)) return days
  }
  return Number.NaN
}
