import Type from 'typebox'
import { Instant, OpenValues, SourceName, TicketPriority, TicketStatus } from './common.ts'

export const SegmentCallType = Type.Union([
  Type.Literal('track'),
  Type.Literal('identify'),
  Type.Literal('group'),
  Type.Literal('page'),
  Type.Literal('screen'),
  Type.Literal('alias'),
])
export type SegmentCallType = Type.Static<typeof SegmentCallType>

const Id = Type.String({ minLength: 1, maxLength: 512 })

/** One Segment call as capture accepted it: its envelope checked, its time normalised; unknown fields are kept. */
export const SegmentCall = Type.Object({
  type: SegmentCallType,
  messageId: Id,
  userId: Type.Optional(Id),
  anonymousId: Type.Optional(Id),
  groupId: Type.Optional(Id),
  previousId: Type.Optional(Id),
  /** `track`: the event's name. */
  event: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  /** `page`, `screen`: its name. */
  name: Type.Optional(Type.String({ maxLength: 512 })),
  timestamp: Instant,
  properties: Type.Optional(OpenValues),
  traits: Type.Optional(OpenValues),
  context: Type.Optional(OpenValues),
})
export type SegmentCall = Type.Static<typeof SegmentCall>

const origin = {
  receivedAt: Instant,
  source: SourceName,
  /** Namespace of external ids: sources that share one name the same accounts and people by the same ids. */
  namespace: Type.String({ minLength: 1 }),
}

export const SegmentCallReceived = Type.Object({
  ...origin,
  /** Kind of the write key; a `browser` key is public and may not set group traits. */
  keyKind: Type.Union([Type.Literal('server'), Type.Literal('browser')]),
  call: SegmentCall,
})
export type SegmentCallReceived = Type.Static<typeof SegmentCallReceived>

/** What our Zendesk trigger sends (`deploy/zendesk`), empty strings turned to null. */
export const ZendeskTicket = Type.Object({
  event: Type.Union([Type.Literal('created'), Type.Literal('replied'), Type.Literal('updated'), Type.Literal('rated')]),
  ticketId: Id,
  status: TicketStatus,
  priority: Type.Union([TicketPriority, Type.Null()]),
  createdAt: Instant,
  updatedAt: Instant,
  organizationExternalId: Type.Union([Id, Type.Null()]),
  requesterExternalId: Type.Union([Id, Type.Null()]),
  subject: Type.Optional(Type.String()),
  comment: Type.Optional(
    Type.Object({
      body: Type.String(),
      public: Type.Boolean(),
      by: Type.Union([Type.Literal('agent'), Type.Literal('customer')]),
    }),
  ),
  rating: Type.Optional(
    Type.Object({
      score: Type.Union([Type.Literal('good'), Type.Literal('bad')]),
      comment: Type.Optional(Type.String()),
    }),
  ),
})
export type ZendeskTicket = Type.Static<typeof ZendeskTicket>

export const ZendeskTicketReceived = Type.Object({
  ...origin,
  /** Zendesk's invocation id: what a repeated delivery has in common. */
  invocationId: Id,
  ticket: ZendeskTicket,
})
export type ZendeskTicketReceived = Type.Static<typeof ZendeskTicketReceived>
