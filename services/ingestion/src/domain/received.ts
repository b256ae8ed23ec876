import {
  type EventData,
  faultsOf,
  HEADER,
  type Headers,
  isEventData,
  type SegmentCall,
  type ZendeskTicket,
} from '@banso/contracts'

/** A record of the raw topic, by its type. */
export type Received =
  | {
      readonly type: 'ingestion.segment-call-received.v1'
      readonly data: EventData<'ingestion.segment-call-received.v1'>
    }
  | {
      readonly type: 'ingestion.zendesk-ticket-received.v1'
      readonly data: EventData<'ingestion.zendesk-ticket-received.v1'>
    }

/** A raw record that is not what capture writes. Says which field, never what it holds. */
export interface Undecodable {
  readonly undecodable: string
}

export const decodeReceived = (record: { headers: Headers; value: Buffer }): Received | Undecodable => {
  const type = record.headers[HEADER.type]
  const data = parsed(record.value)
  if (type === 'ingestion.segment-call-received.v1')
    return isEventData(type, data) ? { type, data } : { undecodable: faultText(type, data) }
  if (type === 'ingestion.zendesk-ticket-received.v1')
    return isEventData(type, data) ? { type, data } : { undecodable: faultText(type, data) }
  return { undecodable: 'the type is none that capture writes' }
}

const parsed = (value: Buffer): unknown => {
  try {
    return JSON.parse(value.toString('utf8'))
  } catch {
    return undefined
  }
}

const faultText = (type: Received['type'], data: unknown): string => {
  const [fault] = faultsOf(type, data)
  return `${fault?.pointer ?? ''} ${fault?.message ?? 'is not valid'}`
}

/** The client's id of the event, unique within its source. */
export const messageIdOf = (received: Received): string =>
  received.type === 'ingestion.segment-call-received.v1' ? received.data.call.messageId : received.data.invocationId

/** The event's own time. */
export const eventTimeOf = ({ type, data }: Received): Date =>
  new Date(type === 'ingestion.segment-call-received.v1' ? data.call.timestamp : data.ticket.updatedAt)

/** Key of the raw record: what one sender says stays in order. */
export const callKey = (source: string, call: SegmentCall): string =>
  `${source}/${call.userId ?? call.anonymousId ?? call.previousId ?? ''}`

export const ticketKey = (source: string, ticket: ZendeskTicket): string =>
  `${source}/${ticket.requesterExternalId ?? ticket.organizationExternalId ?? ticket.ticketId}`
