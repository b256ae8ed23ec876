import { type Day, type Days, daysOf } from './day.ts'
import type { Pacing } from './state.ts'

interface Timed {
  readonly name: string
  readonly expected?: string
  readonly longest?: string
}

/** How long something has taken, against how long it is expected to and may take. */
export const pacingOf = (timed: Timed, entered: Day, day: Day, days: Days, what: string): Pacing => {
  const taken = day - entered
  const longest = timed.longest === undefined ? null : daysOf(timed.longest)
  const expected = timed.expected === undefined ? null : daysOf(timed.expected)
  const from = (after: number): string => days.startOf(entered + after + 1).toISOString()
  if (longest !== null && taken > longest)
    return {
      pace: 'stuck',
      at: from(longest),
      reason: `${counted(taken)} ${what}, ${longest} at the longest`,
      values: { daysInStage: taken, longestDays: longest },
    }
  if (expected !== null && taken > expected)
    return {
      pace: 'behind',
      at: from(expected),
      reason: `${counted(taken)} ${what}, ${expected} were expected`,
      values: { daysInStage: taken, expectedDays: expected },
    }
  return { pace: 'on-track', at: null, reason: `${counted(taken)} ${what}`, values: { daysInStage: taken } }
}

const counted = (taken: number): string => `${taken} day${taken === 1 ? '' : 's'}`
