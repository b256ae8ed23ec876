import { blueprintKind, type BlueprintKind } from '@banso/blueprints'
import { setTimers } from '@banso/messaging'
import type { Clock } from '@banso/platform'
import { scorecardFaults } from '../domain/scorecard.ts'
import { scoreAllNow } from '../score-accounts/daily-score.timer.ts'
import type { ScoreDayParts } from '../score-accounts/score-day.ts'
import { useScorecard } from '../store/scorecard-uses.ts'
import { scorecardKind } from '../store/scoring-bases.ts'
import { impactOf } from './scorecard-impact.ts'

/** The scorecard that was applied last is the one in use; every account is scored by it at once. */
export const scorecardBlueprint = (
  parts: ScoreDayParts,
  clock: Pick<Clock, 'now'>,
): BlueprintKind<typeof scorecardKind.schema> =>
  blueprintKind({
    ...scorecardKind,
    check: ({ spec }) => scorecardFaults(spec).map((fault) => ({ ...fault, pointer: `/spec${fault.pointer}` })),
    impact: (tx, { name, spec }) => impactOf(tx, { name, document: spec }, parts.calendar.dayOf(clock.now()), parts),
    applied: async (tx, { name, version, appliedAt }) => {
      await useScorecard(tx, { name, version }, appliedAt)
      await setTimers(tx, [scoreAllNow(appliedAt)])
    },
  })
