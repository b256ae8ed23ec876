import { type Cause, DAILY } from '../move-accounts/evidence.ts'
import type { KnownScore } from '../store/known.ts'

/**
 * Why a score changed an account: what came in since the score before, as old as the newest input of the score is. Without
 * new input, a later day is ageing, and another score of the same values comes of peers, a scorecard or a person.
 */
export const causeOfScore = (previous: KnownScore | null, score: KnownScore, eventId: string): Cause => {
  const { newestInputAt, scoredAt, day } = score
  if (previous?.newestInputAt === newestInputAt && (previous.day < day || isOfSameValues(previous, score))) return DAILY
  return {
    cause: 'events',
    newestEvent: newestInputAt === null ? null : { id: eventId, time: newestInputAt, receivedAt: scoredAt },
    evidence: [eventId],
  }
}

// A measure that only one of two scorecards has says nothing of what came in.
const isOfSameValues = ({ measures: before }: KnownScore, { measures }: KnownScore): boolean =>
  Object.entries(measures).every(([name, { value }]) => {
    const was = before[name]
    return was === undefined || was.value === value
  })
