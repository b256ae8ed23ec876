import type { EventOn } from '@banso/messaging'
import { storable } from '@banso/platform'
import type { TicketState } from '../domain/facts/ticket-state.ts'

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
