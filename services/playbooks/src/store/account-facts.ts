// The service's own copy of what conditions see. Each call: a constant number of statements; the accounts' rows are
// locked by the caller. Answers say which accounts are known otherwise than before.
import type { Version } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { KnownChange, KnownProfile, KnownScore } from '../domain/facts/account-known.ts'
import { type JourneyKnown, mergeJourney, NOTHING_KNOWN } from '../domain/facts/journey-known.ts'
import { latestOfEach, type TicketState } from '../domain/facts/ticket-state.ts'

/** What a compacted topic says of an account now; at most one per account in a call. */
export interface Copied<T> {
  readonly accountId: string
  readonly value: T
  readonly version: Version
}

export interface JourneyNews {
  readonly accountId: string
  readonly journey: string
  readonly said: JourneyKnown
}

interface Changed {
  readonly account_id: string
}

// A compacted topic can end with an older repeat: only what is newer is taken.
const keepCopy = (column: 'profile' | 'score' | 'change'): string => `
  INSERT INTO account_facts AS known (account_id, ${column}, ${column}_generation, ${column}_sequence)
  SELECT * FROM unnest($1::uuid[], $2::json[], $3::int[], $4::bigint[])
  ON CONFLICT (account_id) DO UPDATE SET ${column} = excluded.${column},
    ${column}_generation = excluded.${column}_generation, ${column}_sequence = excluded.${column}_sequence
  WHERE known.${column} IS NULL OR (excluded.${column}_generation, excluded.${column}_sequence)
    > (known.${column}_generation, known.${column}_sequence)
  RETURNING account_id`

const keep = async (tx: EntityManager, statement: string, copies: readonly Copied<object>[]): Promise<string[]> => {
  const changed = await tx.query<Changed[]>(statement, [
    copies.map(({ accountId }) => accountId),
    copies.map(({ value }) => JSON.stringify(value)),
    copies.map(({ version }) => version.generation),
    copies.map(({ version }) => version.sequence),
  ])
  return changed.map((row) => row.account_id)
}

export const keepProfiles = (tx: EntityManager, copies: readonly Copied<KnownProfile>[]): Promise<string[]> =>
  keep(tx, keepCopy('profile'), copies)

export const keepScores = (tx: EntityManager, copies: readonly Copied<KnownScore>[]): Promise<string[]> =>
  keep(tx, keepCopy('score'), copies)

export const keepChanges = (tx: EntityManager, copies: readonly Copied<KnownChange>[]): Promise<string[]> =>
  keep(tx, keepCopy('change'), copies)

const journeysOf = async (tx: EntityManager, news: readonly JourneyNews[]): Promise<Map<string, JourneyNews>> => {
  const rows = await tx.query<{ account_id: string; journey: string; known: JourneyKnown }[]>(
    `SELECT account_id, journey, known FROM account_journey WHERE (account_id, journey) IN
       (SELECT * FROM unnest($1::uuid[], $2::text[]))`,
    [news.map(({ accountId }) => accountId), news.map(({ journey }) => journey)],
  )
  return new Map(
    rows.map(({ account_id: accountId, journey, known }) => [
      `${accountId} ${journey}`,
      { accountId, journey, said: known },
    ]),
  )
}

/** Adds what journeys said to what it had said. */
export const keepJourneys = async (tx: EntityManager, news: readonly JourneyNews[]): Promise<string[]> => {
  const known = await journeysOf(tx, news)
  const merged = new Map(known)
  for (const { accountId, journey, said } of news) {
    const key = `${accountId} ${journey}`
    merged.set(key, { accountId, journey, said: mergeJourney(merged.get(key)?.said ?? NOTHING_KNOWN, said) })
  }
  const changed = [...merged].flatMap(([key, one]) =>
    JSON.stringify(one.said) === JSON.stringify(mergeJourney(known.get(key)?.said ?? NOTHING_KNOWN, NOTHING_KNOWN))
      ? []
      : [one],
  )
  if (changed.length === 0) return []
  await tx.query(
    `INSERT INTO account_journey (account_id, journey, known) SELECT * FROM unnest($1::uuid[], $2::text[], $3::json[])
     ON CONFLICT (account_id, journey) DO UPDATE SET known = excluded.known`,
    [
      changed.map(({ accountId }) => accountId),
      changed.map(({ journey }) => journey),
      changed.map(({ said }) => JSON.stringify(said)),
    ],
  )
  return [...new Set(changed.map(({ accountId }) => accountId))]
}

/** Each ticket as of the latest of its events, those before included. */
export const keepTickets = async (tx: EntityManager, states: readonly TicketState[]): Promise<string[]> => {
  const rows = latestOfEach(states).map((state) => ({
    account_id: state.accountId,
    source: state.source,
    ticket_id: state.ticketId,
    status: state.status,
    priority: state.priority,
    opened_at: state.openedAt,
    changed_at: state.changedAt,
    received_at: state.receivedAt,
    event_id: state.eventId,
  }))
  const changed = await tx.query<Changed[]>(
    `INSERT INTO account_ticket AS known SELECT * FROM json_populate_recordset(NULL::account_ticket, $1::json)
     ON CONFLICT (account_id, source, ticket_id) DO UPDATE SET
       status = excluded.status, priority = excluded.priority, opened_at = excluded.opened_at,
       changed_at = excluded.changed_at, received_at = excluded.received_at, event_id = excluded.event_id
     WHERE (excluded.changed_at, excluded.received_at, excluded.event_id)
       > (known.changed_at, known.received_at, known.event_id)
     RETURNING account_id`,
    [JSON.stringify(rows)],
  )
  return [...new Set(changed.map((row) => row.account_id))]
}
