import type { AccountScored } from '@banso/contracts'
import { parseDay } from '@banso/platform'
import type { Standing } from '../domain/standing.ts'

/** What of a standing is not in its score as it was published. What an earlier release stored has only the first part. */
export type StandingJson = Pick<Standing, 'bands' | 'first' | 'told'> &
  Partial<Pick<Standing, 'by' | 'override' | 'computedBands' | 'ledger' | 'drop' | 'anew'>> & {
    /** As computed; published only where no override counts. */
    readonly computed?: number | null
  }

export const standingJson = ({ score, ...standing }: Standing): StandingJson => ({
  computed: score.score,
  by: standing.by,
  override: standing.override,
  bands: standing.bands,
  computedBands: standing.computedBands,
  ledger: standing.ledger,
  first: standing.first,
  told: standing.told,
  drop: standing.drop,
  anew: standing.anew,
})

/** A standing as it was stored; one of an earlier release has less. */
export const standingOf = (scored: AccountScored, stored: StandingJson): Standing => {
  const {
    computed = scored.score,
    by = null,
    override = null,
    computedBands = null,
    ledger = null,
    drop = null,
    anew = null,
  } = stored
  return {
    day: parseDay(scored.day),
    score: {
      score: computed,
      partial: scored.partial,
      coverage: scored.coverage,
      outcome: scored.outcome,
      experience: scored.experience,
      measures: scored.measures,
    },
    by,
    override,
    bands: stored.bands,
    computedBands,
    ledger,
    first: stored.first,
    told: stored.told,
    drop,
    anew,
  }
}
