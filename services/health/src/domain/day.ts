/** A day in the installation's time zone, as days since 1970-01-01. */
export type Day = number

/** `2026-01-31` */
export const formatDay = (day: Day): string => new Date(day * 86_400_000).toISOString().slice(0, 10)

/** The day of a valid `2026-01-31`. */
export const parseDay = (text: string): Day => Math.floor(Date.parse(`${text}T00:00:00Z`) / 86_400_000)
