import { Described, PageQuery, ProblemError, type Day, formatDay, parseDay } from '@banso/platform'
import { IsISO8601, IsOptional, Matches } from 'class-validator'

export const DAY = /^(?!0000)\d{4}-\d{2}-\d{2}$/
const USUAL_DAYS = 28
const MOST_DAYS = 3_653 // ten years

/** `?from=2026-01-01&to=2026-01-31`, both inclusive; without them, the last 28 days. */
export class DayRangeQuery extends PageQuery {
  @Described('The first day; without it, the last 28 days.', '2026-01-01')
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  from?: string

  @Described('The last day, itself included; at most ten years after the first.', '2026-01-31')
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  to?: string
}

export class UsageQuery extends DayRangeQuery {
  @Described('Only what was known at the end of this day.', '2026-01-31')
  @IsOptional()
  @Matches(DAY)
  @IsISO8601({ strict: true })
  knownOn?: string
}

export interface DayRange {
  readonly from: string
  readonly to: string
}

/** The days that are asked for; more than ten years, or a range that ends before it begins, are refused. */
export const rangeOf = ({ from, to }: DayRangeQuery, today: Day): DayRange => {
  const last = to === undefined ? (from === undefined ? today : Math.max(today, parseDay(from))) : parseDay(to)
  const first = from === undefined ? last - USUAL_DAYS + 1 : parseDay(from)
  if (first > last) refuse('DAY_RANGE_EMPTY', 'from must not be after to')
  if (last - first >= MOST_DAYS) refuse('DAY_RANGE_TOO_LONG', `at most ${MOST_DAYS} days (ten years) at once`)
  return { from: formatDay(first), to: formatDay(last) }
}

const refuse = (code: string, detail: string): never => {
  throw new ProblemError({ code, status: 400, detail, pointer: '/from' })
}
