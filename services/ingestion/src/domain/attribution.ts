import type { SegmentCall, ZendeskTicketReceived } from '@banso/contracts'
import { isJsonObject, type JsonObject } from './json-value.ts'
import { splitGroupTraits } from './personal-fields.ts'
import type { Received } from './received.ts'

/** A person as a source names them. */
export interface PersonName {
  readonly namespace: string
  readonly kind: 'user' | 'anonymous'
  readonly externalId: string
}

export type QuarantineReason =
  | 'PERSON_UNKNOWN'
  | 'PERSON_WITHOUT_ACCOUNT'
  | 'PERSON_IN_SEVERAL_ACCOUNTS'
  | 'SENDER_UNKNOWN'

/** What an event says of whom it is about, before anything is looked up. */
export interface Claim {
  /** The account it names itself. */
  readonly accountExternalId?: string
  readonly person?: PersonName
  /** It says that the person belongs to the account. */
  readonly joins: boolean
  /** It has personal fields that belong to the account rather than to a person. */
  readonly sealsForAccount: boolean
}

const nonEmpty = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined)

export const claimOf = ({ type, data }: Received): Claim =>
  type === 'ingestion.segment-call-received.v1' ? claimOfCall(data.call, data.namespace) : claimOfTicket(data)

const claimOfTicket = ({ ticket, namespace }: ZendeskTicketReceived): Claim => {
  const { organizationExternalId, requesterExternalId } = ticket
  const person = requesterExternalId === null ? undefined : userNamed(namespace, requesterExternalId)
  return {
    ...(organizationExternalId !== null && { accountExternalId: organizationExternalId }),
    ...(person && { person }),
    joins: false,
    sealsForAccount: !person,
  }
}

const userNamed = (namespace: string, externalId: string): PersonName => ({ namespace, kind: 'user', externalId })

const claimOfCall = (call: SegmentCall, namespace: string): Claim => {
  const isGroup = call.type === 'group'
  const account = isGroup ? call.groupId : nonEmpty(call.context?.['groupId'])
  const person = personOfCall(call, namespace)
  return {
    ...(account !== undefined && { accountExternalId: account }),
    ...(person && { person }),
    joins: isGroup,
    sealsForAccount: isGroup && Object.keys(splitGroupTraits(traitsOf(call)).personal).length > 0,
  }
}

const personOfCall = ({ userId, anonymousId }: SegmentCall, namespace: string): PersonName | undefined => {
  if (userId !== undefined) return userNamed(namespace, userId)
  return anonymousId === undefined ? undefined : { namespace, kind: 'anonymous', externalId: anonymousId }
}

export const traitsOf = (call: SegmentCall): JsonObject => (isJsonObject(call.traits) ? call.traits : {})

/**
 * The account of an event: the one it names, else the only one its person belongs to by earlier `group` calls
 * (`memberships`; undefined: nobody has heard of the person).
 */
export const attribute = (
  claim: Claim,
  namedAccountId: string | undefined,
  memberships: readonly string[] | undefined,
): { accountId: string } | { quarantine: QuarantineReason } => {
  if (namedAccountId !== undefined) return { accountId: namedAccountId }
  if (!claim.person) return { quarantine: 'SENDER_UNKNOWN' }
  if (!memberships) return { quarantine: 'PERSON_UNKNOWN' }
  const [accountId] = memberships
  if (accountId === undefined) return { quarantine: 'PERSON_WITHOUT_ACCOUNT' }
  return memberships.length === 1 ? { accountId } : { quarantine: 'PERSON_IN_SEVERAL_ACCOUNTS' }
}
