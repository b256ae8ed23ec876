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

export const SegmentCall = Type.Object(
  {
    type: SegmentCallType,
    messageId: Id,
    userId: Type.Optional(Id),
    anonymousId: Type.Optional(Id),
    groupId: Type.Optional(Id),
    previousId: Type.Optional(Id),
    event: Type.With(Type.Optional(Type.String({ minLength: 1, maxLength: 512 })), {
      description: "`track`: the event's name.",
    }),
    name: Type.With(Type.Optional(Type.String({ maxLength: 512 })), { description: '`page`, `screen`: its name.' }),
    timestamp: Instant,
    properties: Type.Optional(OpenValues),
    traits: Type.Optional(OpenValues),
    context: Type.Optional(OpenValues),
  },
  {
    description:
      'One Segment call as capture accepted it: its envelope checked, its time normalised; unknown fields are kept.',
  },
)
export type SegmentCall = Type.Static<typeof SegmentCall>

const origin = {
  receivedAt: Instant,
  source: SourceName,
  namespace: Type.With(Type.String({ minLength: 1 }), {
    description: 'Namespace of external ids: sources that share one name the same accounts and people by the same ids.',
  }),
}

export const SegmentCallReceived = Type.Object(
  {
    ...origin,
    keyKind: Type.With(Type.Union([Type.Literal('server'), Type.Literal('browser')]), {
      description: 'Kind of the write key; a `browser` key is public and may not set group traits.',
    }),
    call: SegmentCall,
  },
  { description: 'A Segment call as capture accepted it. Private to ingestion: what is personal stands in clear.' },
)
export type SegmentCallReceived = Type.Static<typeof SegmentCallReceived>

export const ZendeskTicket = Type.Object(
  {
    event: Type.Union([
      Type.Literal('created'),
      Type.Literal('replied'),
      Type.Literal('updated'),
      Type.Literal('rated'),
    ]),
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
  },
  { description: 'What our Zendesk trigger sends (`deploy/zendesk`), empty strings turned to null.' },
)
export type ZendeskTicket = Type.Static<typeof ZendeskTicket>

export const ZendeskTicketReceived = Type.Object(
  {
    ...origin,
    invocationId: Type.With(Id, { description: "Zendesk's invocation id: what a repeated delivery has in common." }),
    ticket: ZendeskTicket,
  },
  { description: 'A ticket as our Zendesk trigger sent it. Private to ingestion: what is personal stands in clear.' },
)
export type ZendeskTicketReceived = Type.Static<typeof ZendeskTicketReceived>
