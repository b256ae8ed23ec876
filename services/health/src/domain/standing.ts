// Where an account stands from scoring to scoring: its score, its band, and what of its moves has been told.
import type { Band, ScoreOverride } from '@banso/contracts'
import { nextBand, noBand, type BandState } from './band.ts'
import { formatDay, type Day } from './day.ts'
import type { DropState } from './drop.ts'
import { effective } from './override.ts'
import { rounded } from './rounded.ts'
import type { Score } from './score.ts'
import { book, type Ledger, type Points, splitBetween, type SplitPart, type Step } from './split.ts'

const MOVE = 10
const MOVE_DAYS = 7

/** A score of the past: the one that counted then. */
export interface PastScore {
  readonly day: Day
  readonly score: number
  readonly band: Band | null
  /** Of the ledger then; null: not known. */
  readonly points: Points | null
}

/** The scorecard, its version, and the day of the peer table. */
export interface ScoredBy {
  readonly name: string
  readonly version: number
  readonly peers: Day | null
}

export interface Standing {
  readonly day: Day
  /** As computed. */
  readonly score: Score
  readonly by: ScoredBy | null
  /** The override in force: its score counts. */
  readonly override: ScoreOverride | null
  /** Of the score that counts. */
  readonly bands: BandState
  /** Of the computed score, while it does not count. */
  readonly computedBands: BandState | null
  readonly ledger: Ledger | null
  /** The first score that was not null. */
  readonly first: PastScore | null
  /** The newest move that was told, or the first by a measure that is new for everybody if that is newer: what the score was then. */
  readonly told: PastScore | null
  /** The last measure that was new for everybody: the day, and the band by it alone. */
  readonly anew: { readonly day: Day; readonly band: Band | null } | null
  /** Null until a day has passed since the first scoring. */
  readonly drop: DropState | null
}

/** What a scoring found. */
export interface Found extends Pick<Standing, 'day' | 'score' | 'override' | 'by' | 'drop'> {
  readonly steps: readonly Step[]
}

interface Point {
  readonly score: number | null
  readonly band: Band | null
}
interface Change {
  readonly from: Point & { readonly day: string }
  readonly to: Point
  readonly split?: readonly SplitPart[]
  readonly first?: true
}
export type StandingChange =
  | (Change & { readonly kind: 'band' })
  | (Change & { readonly kind: 'move'; readonly movedBy: number })
  | (Change & { readonly kind: 'alarm'; readonly recent: number; readonly usual: number })

/** The score that counts. */
export const scoreOf = ({ score, override }: Pick<Standing, 'score' | 'override'>): number | null =>
  effective(score.score, override)

const pointOf = (standing: Standing): Point => ({ score: scoreOf(standing), band: standing.bands.band })

/** The standing as a score of the past; null without a score. */
export const pastOf = (standing: Standing): PastScore | null => {
  const { score, band } = pointOf(standing)
  return score === null ? null : { day: standing.day, score, band, points: standing.ledger?.points ?? null }
}

/** The standing after a scoring. */
export const advance = (before: Standing | null, { steps, ...found }: Found): Standing => {
  const firstOn = before?.first?.day ?? found.day
  const bands = nextBand(before?.bands ?? noBand, scoreOf(found), found.day, firstOn)
  const computedBands = found.override
    ? nextBand(before?.computedBands ?? before?.bands ?? noBand, found.score.score, found.day, firstOn)
    : null
  const ledger = book(before?.ledger ?? null, steps)
  const standing = {
    ...found,
    bands,
    computedBands,
    ledger,
    first: null,
    told: before?.told ?? null,
    anew: before?.anew ?? null,
  }
  return { ...standing, first: before?.first ?? pastOf(standing) }
}

/** The standings of all days up to `today`, after missed ones too; the last is today's. */
export const advanceTo = (
  before: Standing,
  today: Day,
  next: (standing: Standing, day: Day) => Standing,
): Standing[] => {
  const days: Standing[] = []
  for (let day = Math.max(before.day + 1, today - LONGEST_CATCH_UP_DAYS + 1); day <= today; day += 1) {
    days.push(next(days.at(-1) ?? before, day))
  }
  return days
}

/** Dwell and moves look back a week at most; older days that nobody scored stay without a score. */
export const LONGEST_CATCH_UP_DAYS = 35

/**
 * What a move is measured against: the score that was told last, if that was less than 7 days ago; else `past`, the score
 * of 7 days ago or the nearest known one of an earlier day; else the account's first.
 */
export const referenceOf = ({ told, first, day }: Standing, past: PastScore | null): PastScore | null =>
  told && day - told.day < MOVE_DAYS ? told : (past ?? first)

const changeFrom = (reference: PastScore, after: Standing): Change => {
  const { points, day, ...from } = reference
  const to = pointOf(after)
  const split =
    points && after.ledger && to.score !== null
      ? { split: splitBetween(points, after.ledger.points, to.score - from.score) }
      : {}
  return { from: { ...from, day: formatDay(day) }, to, ...split }
}

/**
 * What there is to tell between two standings, and the standing with it told. A score after or before none is no change,
 * but for the account's first one, which is a change of band from none. After a move was told, only a further move of 10
 * from there is another.
 */
export const changesOf = (
  before: Standing | null,
  after: Standing,
  past: PastScore | null,
): { changes: StandingChange[]; standing: Standing } => {
  const changes: StandingChange[] = []
  // A scoring itself puts it only where the account began to be compared: what was before is measured otherwise.
  const was = before?.told === after.told ? before && pastOf(before) : after.told
  const now = pastOf(after)
  if (now && !before?.first) {
    const from = { score: null, band: null, day: formatDay(after.day) }
    return { changes: [{ kind: 'band', from, to: pointOf(after), first: true }], standing: after }
  }
  if (was && now && was.band !== now.band) changes.push({ kind: 'band', ...changeFrom(was, after) })
  changes.push(...alarmsOf(before, after))

  const reference = referenceOf(after, past)
  if (!was || !now || !reference) return { changes, standing: after }
  const movedBy = rounded(now.score - reference.score)
  if (Math.abs(movedBy) < MOVE) return { changes, standing: after }
  changes.push({ kind: 'move', ...changeFrom(reference, after), movedBy })
  return { changes, standing: { ...after, told: now } }
}

// An alarm of a detector that looked back for the first time is history.
const alarmsOf = (before: Standing | null, after: Standing): StandingChange[] => {
  const alarm = after.drop?.alarm
  if (!alarm || !before?.drop || before.drop.alarm?.day === alarm.day) return []
  const { recent, usual } = alarm
  const was = pastOf(before)
  const from = was
    ? changeFrom(was, after)
    : { from: { ...pointOf(before), day: formatDay(before.day) }, to: pointOf(after) }
  return [{ kind: 'alarm', ...from, recent, usual }]
}
