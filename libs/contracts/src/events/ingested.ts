// What the sorter emits: typed, sealed, attributed to an account.
import Type from 'typebox'
import { Sealed } from '../sealed.ts'
import { AccountId, Instant, OpenValues, PersonId, SourceName, TicketPriority, TicketStatus } from './common.ts'

/** Key of the record: the subject (person id, or account id for an account's own traits). */
export const PersonKeyMade = Type.Object({
  subject: Type.String({ format: 'uuid' }),
  /** The data key wrapped by BANSO_MASTER_KEY (AES-256-GCM: nonce, cipher text, tag), base64. */
  wrappedKey: Type.String({ minLength: 1 }),
})
export type PersonKeyMade = Type.Static<typeof PersonKeyMade>

const origin = {
  accountId: AccountId,
  /** When capture received it. */
  receivedAt: Instant,
  source: SourceName,
  /** The client's id of the event: Segment's messageId, Zendesk's invocation id. */
  messageId: Type.String({ minLength: 1 }),
  sealed: Type.Optional(Sealed),
}

export const ProductUsed = Type.Object({
  ...origin,
  personId: PersonId,
  kind: Type.Union([Type.Literal('track'), Type.Literal('page'), Type.Literal('screen')]),
  /** `track`: the event's name; `page` and `screen`: the page's name, or empty. */
  name: Type.String(),
  properties: OpenValues,
})
export type ProductUsed = Type.Static<typeof ProductUsed>

export const PersonObserved = Type.Object({ ...origin, personId: PersonId, traits: OpenValues })
export type PersonObserved = Type.Static<typeof PersonObserved>

export const AccountObserved = Type.Object({
  ...origin,
  /** The vendor's id of the account, and the namespace it lives in. */
  externalId: Type.String({ minLength: 1 }),
  namespace: Type.String({ minLength: 1 }),
  /** Who was said to belong to it, where the call named a user. */
  personId: Type.Union([PersonId, Type.Null()]),
  traits: OpenValues,
})
export type AccountObserved = Type.Static<typeof AccountObserved>

const ticket = {
  ...origin,
  ticketId: Type.String({ minLength: 1 }),
  /** The state of the ticket as of this event's time. */
  status: TicketStatus,
  priority: Type.Union([TicketPriority, Type.Null()]),
  openedAt: Instant,
  /** The requester, where the desk names one that we can tell. */
  personId: Type.Union([PersonId, Type.Null()]),
}

/** sealed: `{ subject?, comment? }` */
export const TicketOpened = Type.Object(ticket)
export type TicketOpened = Type.Static<typeof TicketOpened>

/** sealed: `{ comment }` */
export const TicketReplied = Type.Object({
  ...ticket,
  by: Type.Union([Type.Literal('agent'), Type.Literal('customer')]),
  public: Type.Boolean(),
})
export type TicketReplied = Type.Static<typeof TicketReplied>

/** Status or priority is now this. */
export const TicketStatusChanged = Type.Object(ticket)
export type TicketStatusChanged = Type.Static<typeof TicketStatusChanged>

/** sealed: `{ comment }` */
export const TicketRated = Type.Object({
  ...ticket,
  rating: Type.Union([Type.Literal('good'), Type.Literal('bad')]),
})
export type TicketRated = Type.Static<typeof TicketRated>
