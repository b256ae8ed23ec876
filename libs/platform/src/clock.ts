/** Time is an input: nothing in domain code calls the system's clock. */
export abstract class Clock {
  abstract now(): Date
}

export class SystemClock extends Clock {
  override now(): Date {
    return new Date()
  }
}
