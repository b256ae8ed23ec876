import { type AccountScored, topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { StandingChange } from '../domain/standing.ts'
import type { Evidence } from './evidence.ts'

export const announceScore = (work: Work, scored: AccountScored): void =>
  work.publish({
    topic: topics.scores.name,
    type: 'health.account-scored.v1',
    key: scored.accountId,
    time: work.now,
    data: scored,
  })

/** `evidence` null: the daily run. */
export const announceChange = (
  work: Work,
  { accountId, day, scorecard, measures }: AccountScored,
  change: StandingChange,
  evidence: Evidence | null,
): void => {
  const { from, to, split, first } = change
  const data = {
    accountId,
    day,
    scorecard,
    from,
    to,
    measures,
    cause: evidence ? ('events' as const) : ('daily' as const),
    newestEvent: evidence?.newest ?? null,
    evidence: [...(evidence?.ids ?? [])],
    ...(split && { split: [...split] }),
    ...(first && { first }),
  }
  const about = { topic: topics.healthChanges.name, key: accountId, time: work.now }
  switch (change.kind) {
    case 'band':
      return work.publish({ ...about, type: 'health.band-changed.v1', data })
    case 'move':
      return work.publish({ ...about, type: 'health.score-moved.v1', data: { ...data, movedBy: change.movedBy } })
    case 'alarm': {
      const { recent, usual } = change
      return work.publish({ ...about, type: 'health.alarm-raised.v1', data: { ...data, recent, usual } })
    }
    default:
      return change satisfies never
  }
}
