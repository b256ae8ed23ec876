import { listAt, textAt, valueAt } from '../json.ts'
import { cellText, renderTable } from './table.ts'

/** `onboarding since 2026-01-31 (day 45): stuck; at-risk` */
export const stageLine = (journey: unknown): string => {
  const standing = textAt(journey, 'standing')
  const flags = listAt(journey, 'flags').flatMap((raised) => textAt(raised, 'flag') ?? [])
  const others = flags.filter((flag) => flag !== standing)
  const since = textAt(journey, 'since')?.slice(0, 10)
  const days = `since ${cellText(since)} (day ${cellText(valueAt(journey, 'daysInStage'))})`
  return `${cellText(valueAt(journey, 'stage'))} ${days}: ${[standing ?? '-', ...others].map(cellText).join(', ')}`
}

/** Why it stands so: its pace, then each flag. */
export const standingReasons = (journey: unknown): string[] =>
  [textAt(journey, 'pace.reason'), ...listAt(journey, 'flags').map((raised) => textAt(raised, 'reason'))].flatMap(
    (reason) => (reason === undefined || reason === '' ? [] : [cellText(reason)]),
  )

/** A journey whole: where the account stands and why, what it has reached, how it came here. */
export const journeyLines = (journey: unknown): string[] => [
  `${cellText(valueAt(journey, 'journey.name'))} ${cellText(valueAt(journey, 'journey.version'))}: ${stageLine(journey)}\n`,
  ...standingReasons(journey).map((reason) => `  ${reason}\n`),
  renderTable(listAt(journey, 'milestones'), [
    { title: 'milestone', of: 'name' },
    { title: 'stage', of: 'stage' },
    { title: 'reached', of: 'reachedAt' },
    { title: 'why', of: (row) => textAt(row, 'reason') ?? textAt(row, 'pace.reason') },
  ]),
  renderTable(listAt(journey, 'history'), [
    { title: 'entered', of: 'stage' },
    { title: 'from', of: 'from' },
    { title: 'at', of: 'at' },
    { title: 'why', of: 'reason' },
  ]),
]
