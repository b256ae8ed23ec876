import type { Work } from '@banso/messaging'
import type { Calendar, Day } from '@banso/platform'
import { keyFeaturesOf } from '../domain/scorecard.ts'
import { refreshed } from './refresh-activities.ts'
import { readAccounts } from '../store/accounts.ts'
import { writeInputs } from '../store/activities.ts'
import type { ScoringBases } from '../store/scoring-bases.ts'
import { scoreAccounts, type ScoreOptions } from './score-accounts.ts'
import { scoringOf } from './standings.ts'

export interface ScoreDayParts {
  readonly bases: ScoringBases
  readonly calendar: Calendar
}

/** Scores these accounts for a day on which nothing else happened; they are locked by now. */
export const scoreDay = async (
  work: Work,
  accountIds: readonly string[],
  day: Day,
  { bases, calendar }: ScoreDayParts,
  announce: ScoreOptions['announce'] = 'news',
): Promise<void> => {
  const basis = await bases.read(work.tx, day)
  const stored = await readAccounts(work.tx, accountIds, { calendar, day })
  const accounts = await refreshed(work.tx, stored, day, keyFeaturesOf(basis.scorecard))
  if (accounts.some(({ activity }, index) => activity !== stored[index]?.activity))
    await writeInputs(work.tx, stored, accounts)
  await scoreAccounts(
    work,
    basis,
    accounts.map((account) => scoringOf(account, day)),
    { bases, announce },
  )
}
