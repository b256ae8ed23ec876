import type { EventOn } from '@banso/messaging'
import type { TicketState } from '../domain/facts/ticket-state.ts'

// Ids come from outside: a text as the database keeps it has no NUL and no half characters.
const storable = (id: string): string => id.toWellFormed().replaceAll('\0', '\uFFFD')

export const ticketStateOf = ({ id, time, data }: EventOn<'ingestion.tickets.v1'>): TicketState => ({
  accountId: data.accountId,
  source: data.source,
  ticketId: storable(data.ticketId),
  status: data.status,
  priority: data.priority,
  openedAt: new Date(data.openedAt),
  changedAt: time,
  receivedAt: new Date(data.receivedAt),
  eventId: storable(id),
})
