import type { EventOn } from '@banso/messaging'
import type { TicketState } from '../domain/facts/ticket-state.ts'
import { storable } from '../domain/storable.ts'

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
