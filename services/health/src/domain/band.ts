import type { Band } from '@banso/contracts'
import type { Day } from './day.ts'

const RED_BELOW = 40
const GREEN_ABOVE = 65
const LEAVES_RED_AT = 45
const ENTERS_GREEN_AT = 70
const DWELL_DAYS = 3

/** A band, and since when the score has been good enough for a better one. */
export interface BandState {
  readonly band: Band | null
  readonly leavesRedSince: Day | null
  readonly entersGreenSince: Day | null
}

export const noBand: BandState = { band: null, leavesRedSince: null, entersGreenSince: null }

const bandOf = (score: number): Band => (score < RED_BELOW ? 'red' : score > GREEN_ABOVE ? 'green' : 'amber')

/**
 * The band after a score: worse at once; better when the score was good enough at every scoring of three days, or at once
 * in the three days after the account's first score, which may have been made from part of a day's events.
 */
export const nextBand = (state: BandState, score: number | null, day: Day, firstOn: Day | null = null): BandState => {
  if (score === null) return noBand
  const leavesRedSince = score >= LEAVES_RED_AT ? (state.leavesRedSince ?? day) : null
  const entersGreenSince = score >= ENTERS_GREEN_AT ? (state.entersGreenSince ?? day) : null
  const isNew = firstOn !== null && day - firstOn < DWELL_DAYS
  const held = (since: Day | null): boolean => since !== null && (isNew || day - since >= DWELL_DAYS)

  const next = (): Band => {
    if (state.band === null || score < RED_BELOW) return bandOf(score)
    if (state.band === 'green') return score > GREEN_ABOVE ? 'green' : 'amber'
    if (held(entersGreenSince)) return 'green'
    return state.band === 'red' && held(leavesRedSince) ? 'amber' : state.band
  }
  return { band: next(), leavesRedSince, entersGreenSince }
}
