import { type Schedule, WEEKDAYS } from '../document.ts'
import { addDays, type LocalDay, type LocalTime, weekdayOf } from '../local-time.ts'

type When = Pick<Schedule, 'every' | 'at'>

/** A schedule and the zone whose clock it goes by. */
export interface Timing extends When {
  readonly zone: string
}

const DAYS_LOOKED_AT = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8]

const comesOn = ({ every }: When, day: LocalDay): boolean =>
  every === 'day' || every.some((weekday) => WEEKDAYS[weekdayOf(day)] === weekday)

const around = (when: When, at: Date, local: LocalTime, direction: 1 | -1): Date[] =>
  DAYS_LOOKED_AT.map((days) => addDays(local.dayOf(at), days * direction))
    .filter((day) => comesOn(when, day))
    .map((day) => local.instantOf(day, when.at))

/** The first time of a schedule that is later than an instant. */
export const nextDue = (when: When, after: Date, local: LocalTime): Date => {
  const next = around(when, after, local, 1).find((due) => due > after)
  if (next === undefined) throw new RangeError('a schedule names at least one day of the week')
  return next
}

/** The newest time of a schedule that has come at an instant. */
export const lastDue = (when: When, at: Date, local: LocalTime): Date => {
  const last = around(when, at, local, -1).find((due) => due <= at)
  if (last === undefined) throw new RangeError('a schedule names at least one day of the week')
  return last
}
