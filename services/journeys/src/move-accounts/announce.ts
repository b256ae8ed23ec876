import { type StageEntered, topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { Progress } from '../domain/decide.ts'
import type { JourneyVersion } from '../store/accounts.ts'
import type { Cause } from './evidence.ts'

const MOST_IDS = 20

/** Tells of the progress of an account. */
export const announce = (
  work: Work,
  accountId: string,
  journey: JourneyVersion,
  progress: Progress,
  cause: Cause,
): void => {
  const { stage, at, values, reason, evidence } = progress
  const data = {
    accountId,
    journey: { name: journey.name, version: journey.version },
    stage,
    at,
    ...cause,
    evidence: (evidence.length > 0 ? evidence : cause.evidence).slice(0, MOST_IDS),
    values,
    reason,
  } satisfies Omit<StageEntered, 'from' | 'direction'>
  const about = { topic: topics.journeyProgress.name, key: accountId, time: work.now }
  switch (progress.type) {
    case 'stage-entered': {
      const { from, direction } = progress
      return work.publish({ ...about, type: 'journeys.stage-entered.v1', data: { ...data, from, direction } })
    }
    case 'milestone-reached': {
      const { milestone, how } = progress
      return work.publish({ ...about, type: 'journeys.milestone-reached.v1', data: { ...data, milestone, how } })
    }
    case 'pace-changed': {
      const { milestone, from, to } = progress
      return work.publish({ ...about, type: 'journeys.pace-changed.v1', data: { ...data, milestone, from, to } })
    }
    case 'flag-raised':
      return work.publish({ ...about, type: 'journeys.flag-raised.v1', data: { ...data, ...flagOf(progress) } })
    case 'flag-cleared':
      return work.publish({ ...about, type: 'journeys.flag-cleared.v1', data: { ...data, ...flagOf(progress) } })
  }
}

const flagOf = ({ flag, first }: Extract<Progress, { type: 'flag-raised' | 'flag-cleared' }>) => ({
  flag,
  ...(first && { first }),
})
