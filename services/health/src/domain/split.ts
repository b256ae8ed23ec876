// Why a score moved, in points by cause. Each account keeps the points that all its scorings added up to since its first
// score; between any two of its scorings, the split is the difference.
import type { SplitCause } from '@banso/contracts'
import { rounded } from './rounded.ts'

export type Points = Readonly<Record<SplitCause, number>>

/** The last score that was not null, and how it came from the first one: these add up to the difference. */
export interface Ledger {
  readonly score: number
  readonly points: Points
}

export interface SplitPart {
  readonly cause: SplitCause
  readonly points: number
}

/** In the order in which the inputs are replaced. */
const splitCauses = [
  'override',
  'configuration',
  'peers',
  'ageing',
  'late-data',
  'behaviour',
] as const satisfies readonly SplitCause[]

export const noPoints: Points = {
  override: 0,
  configuration: 0,
  peers: 0,
  ageing: 0,
  'late-data': 0,
  behaviour: 0,
}

/** What the score was once this cause's input was replaced; null: no score, which moves nothing. */
export type Step = readonly [cause: SplitCause, score: number | null]

/** The ledger after a scoring. A first score is not split: it comes from none. */
export const book = (ledger: Ledger | null, steps: readonly Step[]): Ledger | null => {
  const last = steps.findLast(([, score]) => score !== null)?.[1] ?? null
  if (last === null) return ledger
  if (ledger === null) return { score: last, points: noPoints }
  const points = { ...ledger.points }
  let { score } = ledger
  for (const [cause, next] of steps) {
    if (next === null) continue
    points[cause] = rounded(points[cause] + next - score)
    score = next
  }
  return { score, points }
}

/** The parts between two points of a ledger that add up to `movedBy` within 1e-9; none for causes that moved nothing. */
export const splitBetween = (from: Points, to: Points, movedBy: number): SplitPart[] => {
  const parts = splitCauses
    .map((cause) => ({ cause, points: rounded(to[cause] - from[cause]) }))
    .filter(({ points }) => points !== 0)
  const largest = parts.reduce((most, { points }) => Math.max(most, Math.abs(points)), 0)
  const rest = movedBy - parts.reduce((sum, { points }) => sum + points, 0)
  const adjusted = parts.findIndex(({ points }) => Math.abs(points) === largest)
  return parts.map((part, index) => (index === adjusted ? { ...part, points: part.points + rest } : part))
}
