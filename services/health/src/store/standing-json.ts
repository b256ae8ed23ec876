import type { AccountScored } from '@banso/contracts'
import { parseDay } from '../domain/calendar.ts'
import type { Standing } from '../domain/standing.ts'

/** What of a standing is not in its score. */
export type StandingJson = Omit<Standing, 'day' | 'score'>

export const standingJson = ({ day: _day, score: _score, ...rest }: Standing): StandingJson => rest

export const standingOf = (scored: AccountScored, rest: StandingJson): Standing => ({
  ...rest,
  day: parseDay(scored.day),
  score: {
    score: scored.computed ? scored.computed.score : scored.score,
    partial: scored.partial,
    coverage: scored.coverage,
    outcome: scored.outcome,
    experience: scored.experience,
    measures: scored.measures,
  },
})
