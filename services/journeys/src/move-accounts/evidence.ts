import type { StageEntered } from '@banso/contracts'
import type { Heard } from '../domain/facts.ts'

/** Why accounts are looked at: events (the newest, and their ids from the newest on), a person, or nothing but the day. */
export type Cause = Pick<StageEntered, 'cause' | 'newestEvent' | 'evidence'>

export const DAILY: Cause = { cause: 'daily', newestEvent: null, evidence: [] }

export const BY_HAND: Cause = { cause: 'events', newestEvent: null, evidence: [] }

const MOST_IDS = 20

export const causeOf = (events: readonly Heard[]): Cause => {
  const newestFirst = events.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)).slice(0, MOST_IDS)
  const [newest] = newestFirst
  return {
    cause: 'events',
    newestEvent: newest ? { id: newest.id, time: newest.at, receivedAt: newest.receivedAt } : null,
    evidence: newestFirst.map(({ id }) => id),
  }
}
