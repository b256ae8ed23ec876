/** A day in the installation's time zone, as days since 1970-01-01. */
export type Day = number

/** Which day an instant belongs to, and when a day begins. */
export interface Days {
  dayOf(instant: Date): Day
  startOf(day: Day): Date
}

/** Days of `P30D`, as the schema of journeys has them. */
export const daysOf = (duration: string): number => Number(duration.slice(1, -1))
