import { TicketPriority, TicketStatus, ZendeskTicket } from '@banso/contracts'
import { IsOptional, type TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import Value from 'typebox/value'
import { parseInstant } from './event-time.ts'
import { isJsonObject, isStorable, type JsonObject, makeSafe } from './json-value.ts'

/** Free text longer than this is cut; a ticket is not a document. */
const MAX_TEXT_LENGTH = 20_000
/** Of a ticket as JSON: sealed, it grows by a third, and must fit a record all the same. */
const MAX_TICKET_BYTES = 190_000

export interface TicketFault {
  readonly pointer: string
  readonly message: string
}

const ticketSchema = Compile(ZendeskTicket)
const statusSchema = Compile(TicketStatus)
const prioritySchema = Compile(TicketPriority)

// Placeholders render titles in the account's language.
const STATUS_TITLES: Readonly<Record<string, TicketStatus>> = {
  'on-hold': 'hold',
  'on hold': 'hold',
  新規: 'new',
  オープン: 'open',
  保留中: 'pending',
  待機中: 'hold',
  解決済み: 'solved',
  終了: 'closed',
  終了済み: 'closed',
  クローズ: 'closed',
}
const PRIORITY_TITLES: Readonly<Record<string, TicketPriority>> = {
  低: 'low',
  中: 'normal',
  普通: 'normal',
  標準: 'normal',
  高: 'high',
  緊急: 'urgent',
  至急: 'urgent',
}
const NO_PRIORITY = new Set(['', '-', 'none', 'なし', '未設定'])
const YES = new Set(['true', 'yes', '1', 'はい'])
const NO = new Set(['false', 'no', '0', '', 'いいえ'])

/** The body of one of our triggers (`deploy/zendesk`) as a ticket, or every fault in it. Changes `body`. */
export const readTicket = (body: unknown, receivedAt: Date): { ticket: ZendeskTicket } | { faults: TicketFault[] } => {
  if (!isJsonObject(body)) return { faults: [{ pointer: '', message: 'must be a JSON object' }] }
  if (!makeSafe(body)) return { faults: [{ pointer: '', message: 'is nested too deep' }] }
  const ticket = {
    event: body['event'],
    ticketId: idOf(body['ticketId']),
    status: statusOf(body['status']),
    priority: priorityOf(body['priority']),
    createdAt: instantOf(body['createdAt']),
    updatedAt: instantOf(body['updatedAt']) ?? receivedAt.toISOString(),
    organizationExternalId: idOf(body['organizationExternalId']) ?? null,
    requesterExternalId: idOf(body['requesterExternalId']) ?? null,
    ...optional('subject', textOf(body['subject'])),
    ...optional('comment', commentOf(body['comment'])),
    ...optional('rating', ratingOf(body['rating'])),
  }
  if (!ticketSchema.Check(ticket)) return { faults: faultsIn(ticket) }
  const fault = missingPart(ticket) ?? tooLarge(ticket)
  return fault ? { faults: [fault] } : { ticket }
}

// One field at a time: TypeBox stops gathering after eight faults, and a field of four choices makes as many alone.
const faultsIn = (ticket: JsonObject): TicketFault[] =>
  Object.entries<TSchema>(ZendeskTicket.properties).flatMap(([name, schema]): TicketFault[] => {
    const value = ticket[name]
    if (value === undefined) return IsOptional(schema) ? [] : [{ pointer: `/${name}`, message: 'is missing' }]
    const faults = Map.groupBy(Value.Errors(schema, value), ({ instancePath }) => instancePath)
    return [...faults].map(([at, found]) => ({ pointer: `/${name}${at}`, message: messageOf(found) }))
  })

const messageOf = (found: readonly { message: string; params: object }[]): string => {
  const choices = found.flatMap(({ params }) => ('allowedValue' in params ? [String(params.allowedValue)] : []))
  return choices.length > 0 ? `must be one of ${choices.join(', ')}` : (found[0]?.message ?? 'is malformed')
}

const missingPart = (ticket: ZendeskTicket): TicketFault | undefined => {
  if (ticket.event === 'replied' && !ticket.comment)
    return { pointer: '/comment', message: 'a reply needs its comment' }
  if (ticket.event === 'rated' && !ticket.rating) return { pointer: '/rating', message: 'a rating needs its score' }
  const ids = ['ticketId', 'organizationExternalId', 'requesterExternalId'] as const
  const unstorable = ids.find((id) => !isStorable(ticket[id] ?? ''))
  return unstorable && { pointer: `/${unstorable}`, message: 'must not hold NUL or half of a surrogate pair' }
}

// Only of texts that JSON has to escape: others are cut to less.
const tooLarge = (ticket: ZendeskTicket): TicketFault | undefined =>
  Buffer.byteLength(JSON.stringify(ticket)) > MAX_TICKET_BYTES
    ? { pointer: '', message: `is larger than ${MAX_TICKET_BYTES} bytes` }
    : undefined

const optional = (name: string, value: unknown): JsonObject => (value === undefined ? {} : { [name]: value })

// Zendesk's ids are numbers, and its triggers may be written without quotes around them.
const idOf = (value: unknown): unknown => {
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'string') return value ?? undefined
  return value.trim() === '' ? undefined : value.trim()
}

const textOf = (value: unknown): unknown => {
  if (typeof value !== 'string') return value ?? undefined
  return value.trim() === '' ? undefined : value.slice(0, MAX_TEXT_LENGTH).toWellFormed()
}

const titleOf = (value: unknown): string => (typeof value === 'string' ? value.trim().toLowerCase() : '')

const statusOf = (value: unknown): unknown => {
  const title = titleOf(value)
  return statusSchema.Check(title) ? title : (STATUS_TITLES[title] ?? value)
}

const priorityOf = (value: unknown): unknown => {
  const title = titleOf(value)
  if (value === null || value === undefined || (typeof value === 'string' && NO_PRIORITY.has(title))) return null
  return prioritySchema.Check(title) ? title : (PRIORITY_TITLES[title] ?? value)
}

const instantOf = (value: unknown): unknown => parseInstant(value)?.toISOString() ?? idOf(value)

const flagOf = (value: unknown): unknown => {
  if (typeof value === 'boolean') return value
  const title = titleOf(value)
  if (YES.has(title)) return true
  return NO.has(title) ? false : value
}

const commentOf = (value: unknown): unknown => {
  if (!isJsonObject(value)) return value ?? undefined
  const body = textOf(value['body'])
  if (body === undefined) return undefined
  return { body, public: flagOf(value['public'] ?? ''), by: value['by'] ?? 'customer' }
}

const ratingOf = (value: unknown): unknown => {
  if (!isJsonObject(value)) return value ?? undefined
  const score = titleOf(value['score'])
  return score === '' ? undefined : { score, ...optional('comment', textOf(value['comment'])) }
}
