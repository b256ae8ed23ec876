// Events into the service's own copy of the accounts. Late, shuffled or repeated, they leave the same copy.
import { type EventOn, isNewer, versionOf } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import { changeIn, profileIn, scoreIn } from '../domain/facts/account-known.ts'
import {
  type Copied,
  keepChanges,
  keepJourneys,
  keepProfiles,
  keepScores,
  keepTickets,
} from '../store/account-facts.ts'
import { journeySaid } from './journey-said.ts'
import { ticketStateOf } from './ticket-state-of.ts'

/** Accounts known otherwise than before: what waits on their facts is to be looked at again. */
export type ChangedAccounts = readonly string[]

interface Told<D> {
  readonly writer: string
  readonly sequence: number
  readonly data: D
}

const newestCopies = <D extends { readonly accountId: string }, T>(
  events: readonly Told<D>[],
  valueIn: (data: D) => T,
): Copied<T>[] => {
  const newest = new Map<string, Copied<T>>()
  for (const event of events) {
    const { accountId } = event.data
    const version = versionOf(event)
    if (isNewer(version, newest.get(accountId)?.version))
      newest.set(accountId, { accountId, value: valueIn(event.data), version })
  }
  return [...newest.values()]
}

export const foldProfiles = (
  tx: EntityManager,
  events: readonly EventOn<'accounts.profiles.v1'>[],
): Promise<ChangedAccounts> => keepProfiles(tx, newestCopies(events, profileIn))

export const foldScores = (
  tx: EntityManager,
  events: readonly EventOn<'health.scores.v1'>[],
): Promise<ChangedAccounts> => keepScores(tx, newestCopies(events, scoreIn))

/** A change may be here before the score that it tells of: both have their sequence from one outbox. */
export const foldChanges = (
  tx: EntityManager,
  events: readonly EventOn<'health.changes.v1'>[],
): Promise<ChangedAccounts> => keepChanges(tx, newestCopies(events, changeIn))

export const foldJourneys = (
  tx: EntityManager,
  events: readonly EventOn<'journeys.progress.v1'>[],
): Promise<ChangedAccounts> =>
  keepJourneys(
    tx,
    events.map((event) => ({
      accountId: event.data.accountId,
      journey: event.data.journey.name,
      said: journeySaid(event),
    })),
  )

export const foldTickets = (
  tx: EntityManager,
  events: readonly EventOn<'ingestion.tickets.v1'>[],
): Promise<ChangedAccounts> => keepTickets(tx, events.map(ticketStateOf))
