// Where an account stands from scoring to scoring: its score, its band, and what of its moves has been told.
import type { Band } from '@banso/contracts'
import { nextBand, noBand, type BandState } from './band.ts'
import { formatDay, type Day } from './calendar.ts'
import { rounded, type Score } from './score.ts'

const MOVE = 10
const MOVE_DAYS = 7

/** A score of the past. */
export interface PastScore {
  readonly day: Day
  readonly score: number
  readonly band: Band | null
}

export interface Standing {
  readonly day: Day
  readonly score: Score
  readonly bands: BandState
  /** The first score that was not null. */
  readonly first: PastScore | null
  /** The newest move that was told: what the score was then. */
  readonly told: PastScore | null
}

interface Point {
  readonly score: number | null
  readonly band: Band | null
}
interface Change {
  readonly from: Point & { readonly day: string }
  readonly to: Point
}
export type StandingChange =
  | (Change & { readonly kind: 'band' })
  | (Change & { readonly kind: 'move'; readonly movedBy: number })

/** The standing after a scoring. */
export const advance = (before: Standing | null, score: Score, day: Day): Standing => {
  const bands = nextBand(before?.bands ?? noBand, score.score, day)
  const first = score.score === null ? null : { day, score: score.score, band: bands.band }
  return { day, score, bands, first: before?.first ?? first, told: before?.told ?? null }
}

/** The standings of all days up to `today`, after missed ones too; the last is today's. */
export const advanceTo = (before: Standing, today: Day, scoreOn: (day: Day) => Score): Standing[] => {
  const days: Standing[] = []
  for (let day = Math.max(before.day + 1, today - LONGEST_CATCH_UP_DAYS + 1); day <= today; day += 1) {
    days.push(advance(days.at(-1) ?? before, scoreOn(day), day))
  }
  return days
}

// Dwell and moves look back a week at most; older days that nobody scored stay without a score.
const LONGEST_CATCH_UP_DAYS = 35

/**
 * What a move is measured against: the score that was told last, if that was less than 7 days ago; else `past`, the score
 * of 7 days ago or the nearest known one of an earlier day; else the account's first.
 */
export const referenceOf = ({ told, first, day }: Standing, past: PastScore | null): PastScore | null =>
  told && day - told.day < MOVE_DAYS ? told : (past ?? first)

/**
 * What there is to tell between two standings, and the standing with it told. A first score, and one after or before none,
 * is no change. After a move was told, only a further move of 10 from there is another.
 */
export const changesOf = (
  before: Standing | null,
  after: Standing,
  past: PastScore | null,
): { changes: StandingChange[]; standing: Standing } => {
  const changes: StandingChange[] = []
  const now = { score: after.score.score, band: after.bands.band }
  const was = before && { score: before.score.score, band: before.bands.band, day: formatDay(before.day) }
  if (was?.band && now.band && was.band !== now.band) changes.push({ kind: 'band', from: was, to: now })

  const reference = referenceOf(after, past)
  if (was === null || was.score === null || now.score === null || reference === null)
    return { changes, standing: after }
  const movedBy = rounded(now.score - reference.score)
  if (Math.abs(movedBy) < MOVE) return { changes, standing: after }
  changes.push({ kind: 'move', from: { ...reference, day: formatDay(reference.day) }, to: now, movedBy })
  return { changes, standing: { ...after, told: { day: after.day, score: now.score, band: now.band } } }
}
