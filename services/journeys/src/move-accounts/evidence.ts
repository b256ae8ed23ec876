import type { StageEntered } from '@banso/contracts'
import { beginningOf, type Heard } from '../domain/facts.ts'
import type { Account } from '../store/accounts.ts'

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

/** Why days move an account. What is found on its first day follows from what we heard first, and is as old as that. */
export const causeOfDays = ({ livedDay, facts }: Account): Cause => {
  const beginning = beginningOf(facts)
  return livedDay === null && beginning !== null ? causeOf([beginning]) : DAILY
}
