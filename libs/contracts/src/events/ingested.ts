// What the sorter emits: typed, sealed, attributed to an account.
import Type from 'typebox'
import { Sealed } from '../sealed.ts'
import { AccountId, Instant, OpenValues, PersonId, SourceName, TicketPriority, TicketStatus } from './common.ts'

export const PersonKeyMade = Type.Object(
  {
    subject: Type.String({ format: 'uuid' }),
    wrappedKey: Type.With(Type.String({ minLength: 1 }), {
      description: 'The data key wrapped by BANSO_MASTER_KEY (AES-256-GCM: nonce, cipher text, tag), base64.',
    }),
  },
  {
    description:
      "The wrapped data key of a person, or of an account's own personal traits. The record's key is its `subject`.",
  },
)
export type PersonKeyMade = Type.Static<typeof PersonKeyMade>

const origin = {
  accountId: AccountId,
  receivedAt: Type.With(Instant, { description: 'When capture received it.' }),
  source: SourceName,
  messageId: Type.With(Type.String({ minLength: 1 }), {
    description: "The client's id of the event: Segment's messageId, Zendesk's invocation id.",
  }),
  sealed: Type.Optional(Sealed),
}

export const ProductUsed = Type.Object(
  {
    ...origin,
    personId: PersonId,
    kind: Type.Union([Type.Literal('track'), Type.Literal('page'), Type.Literal('screen')]),
    name: Type.With(Type.String(), {
      description: "`track`: the event's name; `page` and `screen`: the page's name, or empty.",
    }),
    properties: OpenValues,
  },
  { description: 'A person of an account did something in the product. Sealed: personal properties.' },
)
export type ProductUsed = Type.Static<typeof ProductUsed>

export const PersonObserved = Type.Object(
  { ...origin, personId: PersonId, traits: OpenValues },
  { description: 'What a source said of a person, seen in an account. Sealed: personal traits.' },
)
export type PersonObserved = Type.Static<typeof PersonObserved>

export const AccountObserved = Type.Object(
  {
    ...origin,
    externalId: Type.With(Type.String({ minLength: 1 }), {
      description: "The vendor's id of the account, and the namespace it lives in.",
    }),
    namespace: Type.String({ minLength: 1 }),
    personId: Type.With(Type.Union([PersonId, Type.Null()]), {
      description: 'Who was said to belong to it, where the call named a user.',
    }),
    traits: OpenValues,
  },
  { description: 'What a source said of an account.' },
)
export type AccountObserved = Type.Static<typeof AccountObserved>

const ticket = {
  ...origin,
  ticketId: Type.String({ minLength: 1 }),
  status: Type.With(TicketStatus, { description: "The state of the ticket as of this event's time." }),
  priority: Type.Union([TicketPriority, Type.Null()]),
  openedAt: Instant,
  personId: Type.With(Type.Union([PersonId, Type.Null()]), {
    description: 'The requester, where the desk names one that we can tell.',
  }),
}

export const TicketOpened = Type.Object(ticket, {
  description: 'A ticket was opened. Sealed: `{ subject?, comment? }`.',
})
export type TicketOpened = Type.Static<typeof TicketOpened>

export const TicketReplied = Type.Object(
  {
    ...ticket,
    by: Type.Union([Type.Literal('agent'), Type.Literal('customer')]),
    public: Type.Boolean(),
  },
  { description: 'Agent or customer replied on a ticket. Sealed: `{ comment }`.' },
)
export type TicketReplied = Type.Static<typeof TicketReplied>

export const TicketStatusChanged = Type.Object(ticket, { description: 'Status or priority of a ticket is now this.' })
export type TicketStatusChanged = Type.Static<typeof TicketStatusChanged>

export const TicketRated = Type.Object(
  {
    ...ticket,
    rating: Type.Union([Type.Literal('good'), Type.Literal('bad')]),
  },
  { description: 'The requester rated how a ticket was handled. Sealed: `{ comment }`.' },
)
export type TicketRated = Type.Static<typeof TicketRated>
