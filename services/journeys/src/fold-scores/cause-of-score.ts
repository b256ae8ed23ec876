import { type Cause, DAILY } from '../move-accounts/evidence.ts'
import type { KnownScore } from '../store/known.ts'

/**
 * Why a score changed an account: what came in since the score before, as old as the newest input of the score is. A later
 * day without new input is ageing.
 */
export const causeOfScore = (previous: KnownScore | null, score: KnownScore, eventId: string): Cause => {
  const { newestInputAt, scoredAt, day } = score
  if (previous !== null && previous.day < day && previous.newestInputAt === newestInputAt) return DAILY
  return {
    cause: 'events',
    newestEvent: newestInputAt === null ? null : { id: eventId, time: newestInputAt, receivedAt: scoredAt },
    evidence: [eventId],
  }
}
