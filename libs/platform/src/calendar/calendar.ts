/** A day in the installation's time zone, as days since 1970-01-01. */
export type Day = number

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000
const CACHED_OFFSETS = 10_000
// Every zone's offset has changed on a quarter of an hour since 1972.
const OFFSET_STEP_MS = HOUR_MS / 4

/** `2026-01-31` */
export const formatDay = (day: Day): string => new Date(day * DAY_MS).toISOString().slice(0, 10)

/** The day of a valid `2026-01-31`. */
export const parseDay = (text: string): Day => Math.floor(Date.parse(`${text}T00:00:00Z`) / DAY_MS)

/** Which day an instant belongs to, in one time zone. */
export class Calendar {
  readonly zone: string
  private readonly format: Intl.DateTimeFormat
  private readonly offsets = new Map<number, number>()

  /** `zone`: an IANA name. Throws a RangeError for one that is unknown. */
  constructor(zone: string) {
    this.zone = zone
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      era: 'short',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  }

  dayOf(instant: Date): Day {
    const at = instant.getTime()
    return Math.floor((at + this.offsetAt(at)) / DAY_MS)
  }

  /** The first instant of a day. */
  startOf(day: Day): Date {
    const local = day * DAY_MS
    const start = local - this.offsetAt(local - this.offsetAt(local))
    // A clock put forward at midnight: the day begins an hour later.
    return new Date(this.dayOf(new Date(start)) === day ? start : start + HOUR_MS)
  }

  /**
   * When the clock of a day shows so many minutes after midnight: the first time where it does so twice, later by as much
   * where it is put forward over it.
   */
  instantOf(day: Day, minutes: number): Date {
    const local = day * DAY_MS + minutes * MINUTE_MS
    const [before, after] = [this.offsetAt(local - DAY_MS), this.offsetAt(local + DAY_MS)]
    const found = [before, after].map((offset) => local - offset).find((at) => at + this.offsetAt(at) === local)
    return new Date(found ?? local - before)
  }

  private offsetAt(at: number): number {
    const step = Math.floor(at / OFFSET_STEP_MS)
    const known = this.offsets.get(step)
    if (known !== undefined) return known
    if (this.offsets.size >= CACHED_OFFSETS) this.offsets.clear()
    const offset = this.readOffset(step * OFFSET_STEP_MS)
    this.offsets.set(step, offset)
    return offset
  }

  private readOffset(at: number): number {
    const parts = Object.fromEntries(this.format.formatToParts(at).map(({ type, value }) => [type, value]))
    const part = (name: string): number => Number(parts[name])
    const local = new Date(0)
    local.setUTCFullYear(parts['era'] === 'BC' ? 1 - part('year') : part('year'), part('month') - 1, part('day'))
    local.setUTCHours(part('hour'), part('minute'), part('second'))
    return local.getTime() - at
  }
}
