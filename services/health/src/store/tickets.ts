import type { TicketPriority, TicketStatus } from '@banso/contracts'
import type { Day } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import { EPOCH } from './epoch.ts'
import type { Rating } from './input-rows.ts'

/** What an event of a ticket says of it. */
export interface TicketState {
  readonly accountId: string
  readonly source: string
  readonly ticketId: string
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly openedAt: string
  /** Null unless the event rates the ticket. */
  readonly rating: Rating | null
  /** Time, receipt and id of the event: the latest by these, in this order, counts. */
  readonly changedAt: string
  readonly changedOn: Day
  readonly receivedAt: string
  readonly eventId: string
}

// Times of one form, so that texts compare as what they mean; ids by code unit, as the column's collation does.
const isLater = (a: TicketState, b: TicketState): boolean => {
  if (a.changedAt !== b.changedAt) return a.changedAt > b.changedAt
  if (a.receivedAt !== b.receivedAt) return a.receivedAt > b.receivedAt
  return a.eventId > b.eventId
}

const latestOf = (states: readonly TicketState[]): readonly TicketState[] => {
  const latest = new Map<string, TicketState>()
  for (const state of states) {
    const key = `${state.accountId} ${state.source} ${state.ticketId}`
    const known = latest.get(key)
    if (!known || isLater(state, known)) latest.set(key, state)
  }
  return [...latest.values()]
}

/**
 * Each ticket as of the latest of its events, each rating as of the latest, stored ones included; and every event as it
 * was. In any order, and repeated: the same result.
 */
export const foldTickets = async (tx: EntityManager, states: readonly TicketState[]): Promise<void> => {
  await tx.query(
    `WITH heard AS (
       INSERT INTO ticket_event
         (account_id, source, ticket_id, status, priority, opened_at, changed_at, received_at, event_id, rating)
       SELECT * FROM unnest($10::uuid[], $11::text[], $12::text[], $13::text[], $14::text[], $15::timestamptz[],
         $16::timestamptz[], $17::timestamptz[], $18::text[], $19::text[])
       ON CONFLICT DO NOTHING)
     INSERT INTO ticket
       (account_id, source, ticket_id, status, priority, opened_at, changed_at, received_at, event_id)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
       $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::text[])
     ON CONFLICT (account_id, source, ticket_id) DO UPDATE SET
       status = excluded.status, priority = excluded.priority, opened_at = excluded.opened_at,
       changed_at = excluded.changed_at, received_at = excluded.received_at, event_id = excluded.event_id
     WHERE (excluded.changed_at, excluded.received_at, excluded.event_id)
         > (ticket.changed_at, ticket.received_at, ticket.event_id)`,
    [...columnsOf(latestOf(states)), ...columnsOf(states), states.map(({ rating }) => rating)],
  )
  await foldRatings(tx, latestOf(states.filter(({ rating }) => rating !== null)))
}

const columnsOf = (states: readonly TicketState[]): unknown[][] => [
  states.map(({ accountId }) => accountId),
  states.map(({ source }) => source),
  states.map(({ ticketId }) => ticketId),
  states.map(({ status }) => status),
  states.map(({ priority }) => priority),
  states.map(({ openedAt }) => openedAt),
  states.map(({ changedAt }) => changedAt),
  states.map(({ receivedAt }) => receivedAt),
  states.map(({ eventId }) => eventId),
]

const foldRatings = async (tx: EntityManager, rated: readonly TicketState[]): Promise<void> => {
  if (rated.length === 0) return
  await tx.query(
    `INSERT INTO ticket_rating (account_id, source, ticket_id, rating, rated_at, received_at, event_id, rated_on)
     SELECT account_id, source, ticket_id, rating, rated_at, received_at, event_id, ${EPOCH} + rated_on FROM unnest(
       $1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::int[])
       AS rated (account_id, source, ticket_id, rating, rated_at, received_at, event_id, rated_on)
     ON CONFLICT (account_id, source, ticket_id) DO UPDATE SET
       rating = excluded.rating, rated_at = excluded.rated_at, received_at = excluded.received_at,
       event_id = excluded.event_id, rated_on = excluded.rated_on
     WHERE (excluded.rated_at, excluded.received_at, excluded.event_id)
         > (ticket_rating.rated_at, ticket_rating.received_at, ticket_rating.event_id)`,
    [
      rated.map(({ accountId }) => accountId),
      rated.map(({ source }) => source),
      rated.map(({ ticketId }) => ticketId),
      rated.map(({ rating }) => rating),
      rated.map(({ changedAt }) => changedAt),
      rated.map(({ receivedAt }) => receivedAt),
      rated.map(({ eventId }) => eventId),
      rated.map(({ changedOn }) => changedOn),
    ],
  )
}
