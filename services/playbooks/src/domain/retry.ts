const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

/** Pause before attempt 1, 2, …, in milliseconds (Standard Webhooks' table). */
export const RETRY_PAUSES = [
  0,
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const

/** A pause is lengthened by up to this share of it, so that what failed together does not come back together. */
const JITTER = 0.2
/** The longest `Retry-After` that is honoured. */
const LONGEST_WAIT = 24 * HOUR

/**
 * Pause after the `made`-th attempt has failed, in milliseconds, or null when none is left. `random` is in [0, 1);
 * `retryAfterMs` is what the receiver asked for: never less, but 24 hours at most.
 */
export const pauseAfter = (made: number, random: number, retryAfterMs = 0): number | null => {
  const pause = RETRY_PAUSES[made]
  if (pause === undefined) return null
  return Math.round(Math.max(pause, Math.min(retryAfterMs, LONGEST_WAIT)) * (1 + JITTER * random))
}

/** Milliseconds of a `Retry-After` header, in seconds or as an HTTP date; 0 when absent, past or malformed. */
export const retryAfterMs = (header: string | undefined, now: Date): number => {
  if (header === undefined) return 0
  if (/^\d{1,9}$/.test(header)) return Number(header) * SECOND
  const until = /^[A-Z][a-z]{2}, /.test(header) ? Date.parse(header) : Number.NaN
  return Number.isNaN(until) ? 0 : Math.max(0, until - now.getTime())
}
