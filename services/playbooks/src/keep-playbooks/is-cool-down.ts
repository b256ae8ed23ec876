import { ValidateBy } from 'class-validator'
import { durationMs } from '../domain/duration.ts'

const LONGEST_DAYS = 366

const isCoolDown = (value: unknown): boolean => {
  const ms = typeof value === 'string' ? durationMs(value) : null
  return ms !== null && ms > 0 && ms <= LONGEST_DAYS * 86_400_000
}

/** An ISO 8601 duration above zero, of 366 days at most. */
export const IsCoolDown = (): PropertyDecorator =>
  ValidateBy({
    name: 'isCoolDown',
    validator: {
      validate: isCoolDown,
      defaultMessage: () =>
        `$property must be an ISO 8601 duration of weeks, or days, hours, minutes and seconds (P7D, PT12H), up to ${LONGEST_DAYS} days`,
    },
  })
