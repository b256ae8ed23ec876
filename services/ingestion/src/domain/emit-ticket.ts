import { type EventType, type SorterSlot, topics, type ZendeskTicketReceived } from '@banso/contracts'
import { type EmissionSources, type Emitted, sealedFor } from './emitted.ts'
import type { JsonObject } from './json-value.ts'

/** What one message of a ticket becomes: its words sealed for the requester, or for the account where none is named. */
export const emitTicket = (received: ZendeskTicketReceived, accountId: string, sources: EmissionSources): Emitted => {
  const { ticket } = received
  const { comment, rating } = ticket
  const updatedAt = new Date(ticket.updatedAt)
  const emitted = emittedBy(received, accountId, sources)
  if (ticket.event === 'created') {
    const words = { ...textNamed('subject', ticket.subject), ...textNamed('comment', comment?.body) }
    return emitted('ingestion.ticket-opened.v1', 'ticketOpened', new Date(ticket.createdAt), {}, words)
  }
  if (ticket.event === 'replied' && comment) {
    const reply = { by: comment.by, public: comment.public }
    return emitted('ingestion.ticket-replied.v1', 'ticketReplied', updatedAt, reply, textNamed('comment', comment.body))
  }
  if (ticket.event === 'rated' && rating) {
    const words = textNamed('comment', rating.comment)
    return emitted('ingestion.ticket-rated.v1', 'ticketRated', updatedAt, { rating: rating.score }, words)
  }
  return emitted('ingestion.ticket-status-changed.v1', 'ticketStatusChanged', updatedAt, {}, {})
}

type TicketEventType = Extract<EventType, `ingestion.ticket-${string}`>

const emittedBy = (received: ZendeskTicketReceived, accountId: string, sources: EmissionSources) => {
  const { ticket, receivedAt, source, invocationId } = received
  const { ticketId, status, priority, createdAt } = ticket
  const { personId } = sources.resolution
  const state = { ticketId, status, priority, openedAt: createdAt, personId }
  const data = { accountId, receivedAt, source, messageId: invocationId, ...state }
  return (type: TicketEventType, slot: SorterSlot, time: Date, more: object, words: JsonObject): Emitted => ({
    topic: topics.tickets.name,
    type,
    slot,
    key: accountId,
    time,
    data: { ...data, ...more, ...sealedFor(personId ?? accountId, words, slot, sources) },
  })
}

const textNamed = (name: string, text: string | undefined): JsonObject => (text ? { [name]: text } : {})
