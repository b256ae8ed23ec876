import { Clock } from '@banso/platform'

/** A clock that stands still until it is moved. */
export class ManualClock extends Clock {
  #now: number

  /** Default: 2026-01-15T09:00:00.000Z, a Thursday. */
  constructor(start: Date | string = '2026-01-15T09:00:00.000Z') {
    super()
    this.#now = new Date(start).getTime()
  }

  override now(): Date {
    return new Date(this.#now)
  }

  set(to: Date | string): void {
    this.#now = new Date(to).getTime()
  }

  advance(ms: number): void {
    this.#now += ms
  }
}
