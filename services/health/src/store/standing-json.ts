import type { AccountScored } from '@banso/contracts'
import { parseDay } from '../domain/calendar.ts'
import type { Standing } from '../domain/standing.ts'

/** What of a standing is not in its score. */
export type StandingJson = Pick<Standing, 'bands' | 'first' | 'told'>

export const standingJson = ({ bands, first, told }: Standing): StandingJson => ({ bands, first, told })

export const standingOf = (scored: AccountScored, { bands, first, told }: StandingJson): Standing => ({
  day: parseDay(scored.day),
  score: {
    score: scored.score,
    partial: scored.partial,
    coverage: scored.coverage,
    outcome: scored.outcome,
    experience: scored.experience,
    measures: scored.measures,
  },
  bands,
  first,
  told,
})
