import { Calendar, formatDay, parseDay } from '@banso/platform'

/** A day of a time zone: `2026-01-31`. */
export type LocalDay = string

export const addDays = (day: LocalDay, days: number): LocalDay => formatDay(parseDay(day) + days)

/** Days from one to the other; negative when `to` is the earlier. */
export const daysBetween = (from: LocalDay, to: LocalDay): number => parseDay(to) - parseDay(from)

/** 0 for a Monday to 6 for a Sunday; 1970-01-01 was a Thursday. */
export const weekdayOf = (day: LocalDay): number => (((parseDay(day) + 3) % 7) + 7) % 7

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** The days and wall clock times of one time zone, as texts. */
export class LocalTime {
  readonly #calendar: Calendar

  /** `zone`: an IANA name. Throws a RangeError for one that is unknown. */
  constructor(readonly zone: string) {
    this.#calendar = new Calendar(zone)
  }

  dayOf(instant: Date): LocalDay {
    return formatDay(this.#calendar.dayOf(instant))
  }

  /**
   * When the clock shows `hh:mm` on a day. The first time where it does so twice; where the clock is put forward over it,
   * later by as much.
   */
  instantOf(day: LocalDay, time: string): Date {
    return this.#calendar.instantOf(parseDay(day), minutesOf(time))
  }
}
