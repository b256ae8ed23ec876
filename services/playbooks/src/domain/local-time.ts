/** A day of a time zone: `2026-01-31`. */
export type LocalDay = string

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

const utcOf = (day: LocalDay): number => Date.parse(`${day}T00:00:00Z`)

const dayAt = (utc: number): LocalDay => new Date(utc).toISOString().slice(0, 10)

export const addDays = (day: LocalDay, days: number): LocalDay => dayAt(utcOf(day) + days * DAY_MS)

/** Days from one to the other; negative when `to` is the earlier. */
export const daysBetween = (from: LocalDay, to: LocalDay): number => (utcOf(to) - utcOf(from)) / DAY_MS

/** 0 for a Monday to 6 for a Sunday. */
export const weekdayOf = (day: LocalDay): number => (new Date(utcOf(day)).getUTCDay() + 6) % 7

const minutesOf = (time: string): number => {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** The days and wall clock times of one time zone. */
export class LocalTime {
  readonly #format: Intl.DateTimeFormat

  /** `zone`: an IANA name. Throws a RangeError for one that is unknown. */
  constructor(readonly zone: string) {
    this.#format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' })
  }

  dayOf(instant: Date): LocalDay {
    return dayAt(instant.getTime() + this.#offsetAt(instant.getTime()))
  }

  /**
   * When the clock shows `hh:mm` on a day. The first time where it does so twice; where the clock is put forward over it,
   * later by as much.
   */
  instantOf(day: LocalDay, time: string): Date {
    const local = utcOf(day) + minutesOf(time) * MINUTE_MS
    const [before, after] = [this.#offsetAt(local - DAY_MS), this.#offsetAt(local + DAY_MS)]
    const found = [before, after].map((offset) => local - offset).find((at) => at + this.#offsetAt(at) === local)
    return new Date(found ?? local - before)
  }

  /** Milliseconds by which the zone is ahead of UTC. */
  #offsetAt(at: number): number {
    const name = this.#format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0'] = /^GMT([+-])(\d\d):(\d\d)/.exec(name) ?? []
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS
  }
}
