const DAY_MS = 86_400_000

// A date, or a date and time; what has no zone is UTC, never the zone of this process.
const ISO_8601 = /^(\d{4}-\d{2}-\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)(?:([Zz])|([+-]\d{2}):?(\d{2})?)?)?$/

/** ISO 8601 with or without seconds, fraction and zone; undefined for anything else and for times before 1970. */
export const parseInstant = (text: unknown): Date | undefined => {
  if (typeof text !== 'string') return undefined
  const parts = ISO_8601.exec(text)
  if (!parts) return undefined
  const [, date, time, , hours, minutes] = parts
  const clock = (time ?? '00:00').replace(',', '.')
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes ?? '00'}`
  const instant = new Date(`${date}T${clock}${zone}`)
  return instant.getTime() >= 0 ? instant : undefined
}

export interface ClientTimes {
  readonly timestamp?: unknown
  readonly originalTimestamp?: unknown
  readonly sentAt?: unknown
}

/**
 * When an event happened. `timestamp` as it is; else `originalTimestamp`, moved by how far the client's clock is off
 * (`receivedAt − (sentAt − originalTimestamp)`) where the client says when it sent; else the time of receipt. More than a
 * day ahead of the receipt is a wrong clock: the time of receipt. `INVALID` names the field that is not a time.
 */
export const eventTime = (
  times: ClientTimes,
  receivedAt: Date,
): Date | { invalid: 'timestamp' | 'originalTimestamp' } => {
  const given = times.timestamp ?? undefined
  const original = times.originalTimestamp ?? undefined
  if (given !== undefined) return notAhead(parseInstant(given), receivedAt) ?? { invalid: 'timestamp' }
  if (original === undefined) return receivedAt
  const happened = parseInstant(original)
  const sent = parseInstant(times.sentAt)
  const corrected = happened && sent ? new Date(receivedAt.getTime() - (sent.getTime() - happened.getTime())) : happened
  return notAhead(corrected, receivedAt) ?? { invalid: 'originalTimestamp' }
}

const notAhead = (time: Date | undefined, receivedAt: Date): Date | undefined => {
  if (!time || time.getTime() < 0) return undefined
  return time.getTime() > receivedAt.getTime() + DAY_MS ? receivedAt : time
}
