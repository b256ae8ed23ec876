const FORM = /^P(?=.)(?:(\d{1,4})W|(?:(\d{1,4})D)?(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8})S)?)?)$/

const WEEK = 604_800_000
const DAY = 86_400_000
const HOUR = 3_600_000
const MINUTE = 60_000
const SECOND = 1_000

/**
 * Milliseconds of an ISO 8601 duration in weeks, or days, hours, minutes and seconds; null when it is none. Months and
 * years have no fixed length and are none.
 */
export const durationMs = (text: string): number | null => {
  const parts = FORM.exec(text)
  if (!parts) return null
  const [weeks, days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0))
  return (
    (weeks ?? 0) * WEEK + (days ?? 0) * DAY + (hours ?? 0) * HOUR + (minutes ?? 0) * MINUTE + (seconds ?? 0) * SECOND
  )
}
