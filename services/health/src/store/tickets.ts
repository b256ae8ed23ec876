import type { TicketPriority, TicketStatus } from '@banso/contracts'
import type { EntityManager } from 'typeorm'

/** What an event of a ticket says of it. */
export interface TicketState {
  readonly accountId: string
  readonly source: string
  readonly ticketId: string
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly openedAt: string
  /** Time, receipt and id of the event: the latest by these, in this order, counts. */
  readonly changedAt: string
  readonly receivedAt: string
  readonly eventId: string
}

// Times of one form, so that texts compare as what they mean; ids by code unit, as the column's collation does.
const isLater = (a: TicketState, b: TicketState): boolean => {
  if (a.changedAt !== b.changedAt) return a.changedAt > b.changedAt
  if (a.receivedAt !== b.receivedAt) return a.receivedAt > b.receivedAt
  return a.eventId > b.eventId
}

/** Each ticket as of the latest of its events, stored ones included. In any order, and repeated: the same result. */
export const foldTickets = async (tx: EntityManager, states: readonly TicketState[]): Promise<void> => {
  const latest = new Map<string, TicketState>()
  for (const state of states) {
    const key = `${state.accountId} ${state.source} ${state.ticketId}`
    const known = latest.get(key)
    if (!known || isLater(state, known)) latest.set(key, state)
  }
  const column = <V>(of: (state: TicketState) => V): V[] => [...latest.values()].map(of)
  await tx.query(
    `INSERT INTO ticket
       (account_id, source, ticket_id, status, priority, opened_at, changed_at, received_at, event_id)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[],
       $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::text[])
     ON CONFLICT (account_id, source, ticket_id) DO UPDATE SET
       status = excluded.status, priority = excluded.priority, opened_at = excluded.opened_at,
       changed_at = excluded.changed_at, received_at = excluded.received_at, event_id = excluded.event_id
     WHERE (excluded.changed_at, excluded.received_at, excluded.event_id)
         > (ticket.changed_at, ticket.received_at, ticket.event_id)`,
    [
      column(({ accountId }) => accountId),
      column(({ source }) => source),
      column(({ ticketId }) => ticketId),
      column(({ status }) => status),
      column(({ priority }) => priority),
      column(({ openedAt }) => openedAt),
      column(({ changedAt }) => changedAt),
      column(({ receivedAt }) => receivedAt),
      column(({ eventId }) => eventId),
    ],
  )
}
