import { SegmentCall, type SegmentCallReceived, SegmentCallType } from '@banso/contracts'
import { Compile } from 'typebox/compile'
import { type ClientTimes, eventTime } from './event-time.ts'
import { holdsText, isJsonObject, isStorable, type JsonObject, makeSafe, MAX_NESTING } from './json-value.ts'
import type { Rejection } from './rejection.ts'

/** Bytes of one event as JSON: Segment's limit. */
export const MAX_EVENT_BYTES = 32_768

export type KeyKind = SegmentCallReceived['keyKind']

export interface CallContext {
  readonly receivedAt: Date
  readonly keyKind: KeyKind
  /** The route's call; a batch's events say it themselves. */
  readonly type?: SegmentCallType
  /** Of the batch, where the event has none of its own. */
  readonly sentAt?: unknown
  /** The mark of bytes that were no UTF-8, where the request had such. */
  readonly badBytes?: string | undefined
  readonly newMessageId: () => string
}

export type CheckedCall =
  | { readonly accepted: true; readonly call: SegmentCall; readonly json: string }
  | { readonly accepted: false; readonly messageId?: string; readonly rejection: Rejection }

const callSchema = Compile(SegmentCall)
const callType = Compile(SegmentCallType)

const NULLABLE = ['userId', 'anonymousId', 'groupId', 'previousId', 'event', 'name', 'properties', 'traits', 'context']
const TEXTS = ['messageId', 'userId', 'anonymousId', 'groupId', 'previousId', 'event', 'name'] as const
// What a public key may say.
const BROWSER_CALLS: ReadonlySet<SegmentCallType> = new Set(['track', 'page', 'screen', 'identify'])

/** One event of a request as a `SegmentCall`, or why it is not one. Changes `raw`, which must be the caller's own. */
export const checkCall = (raw: unknown, context: CallContext): CheckedCall => {
  if (!isJsonObject(raw)) return rejected({}, 'EVENT_NOT_AN_OBJECT', 'an event is a JSON object')
  if (context.badBytes !== undefined && holdsText(raw, context.badBytes)) return misread(raw, context.badBytes)
  if (!makeSafe(raw)) return rejected(raw, 'EVENT_TOO_DEEP', `an event has at most ${MAX_NESTING} levels`)
  const type: unknown = context.type ?? raw['type']
  if (!callType.Check(type)) return rejected(raw, 'TYPE_UNKNOWN', `there is no such call`, '/type')
  if (context.keyKind === 'browser' && !BROWSER_CALLS.has(type))
    return rejected(
      raw,
      'CALL_FORBIDDEN_FOR_KEY',
      `a browser key may not send ${type}: send it from your server, by a server key`,
      '/type',
    )

  const time = eventTime(timesOf(raw, context.sentAt), context.receivedAt)
  if ('invalid' in time)
    return rejected(raw, 'TIME_INVALID', 'must be a time by ISO 8601, from 1970 on', `/${time.invalid}`)
  const call = { ...envelope(raw, context), type, timestamp: time.toISOString() }
  if (!callSchema.Check(call)) return rejected(raw, ...invalidField(call))
  const missing = missingField(call) ?? unstorable(call) ?? groupFault(call)
  if (missing) return rejected(raw, ...missing)

  const json = JSON.stringify(call)
  if (Buffer.byteLength(json) > MAX_EVENT_BYTES)
    return rejected(raw, 'EVENT_TOO_LARGE', `an event has at most ${MAX_EVENT_BYTES} bytes`)
  return { accepted: true, call, json }
}

type Fault = [code: Rejection['code'], message: string, pointer?: string]

const rejected = (raw: JsonObject, ...[code, message, pointer = '']: Fault): CheckedCall => {
  const messageId = raw['messageId']
  const named = typeof messageId === 'string' && messageId !== '' ? { messageId: messageId.slice(0, 512) } : {}
  return { accepted: false, ...named, rejection: { code, message, pointer } }
}

// Its texts are not what the client wrote: U+FFFD in their place would be stored as if it were.
const misread = (raw: JsonObject, badBytes: string): CheckedCall => {
  const named = holdsText(raw['messageId'], badBytes) ? {} : raw
  return rejected(named, 'UTF8_INVALID', 'an event is valid UTF-8: this one holds bytes that are not')
}

const timesOf = (raw: JsonObject, batchSentAt: unknown): ClientTimes => ({
  timestamp: raw['timestamp'],
  originalTimestamp: raw['originalTimestamp'],
  sentAt: raw['sentAt'] ?? batchSentAt,
})

// The write key is a credential and stays out of the log.
const envelope = (raw: JsonObject, context: CallContext): JsonObject => {
  const { writeKey: _credential, sentAt: _sent, originalTimestamp: _original, ...call } = raw
  for (const name of NULLABLE) if (call[name] === null) delete call[name]
  call['messageId'] ??= context.newMessageId()
  return call
}

const invalidField = (call: JsonObject): Fault => {
  const [fault] = callSchema.Errors(call)
  return ['FIELD_INVALID', fault?.message ?? 'is not valid', fault?.instancePath ?? '']
}

const missingField = (call: SegmentCall): Fault | undefined => {
  const { type } = call
  if (type === 'alias') {
    if (call.previousId === undefined) return ['PREVIOUS_ID_MISSING', 'alias needs previousId', '/previousId']
    return call.userId === undefined ? ['USER_ID_MISSING', 'alias needs userId', '/userId'] : undefined
  }
  if (call.userId === undefined && call.anonymousId === undefined)
    return ['SENDER_MISSING', 'userId or anonymousId is needed', '/userId']
  if (type === 'track' && call.event === undefined) return ['EVENT_NAME_MISSING', 'track needs event', '/event']
  if (type === 'group' && call.groupId === undefined) return ['GROUP_ID_MISSING', 'group needs groupId', '/groupId']
  return undefined
}

const unstorable = (call: SegmentCall): Fault | undefined => {
  const name = TEXTS.find((text) => !isStorable(call[text] ?? ''))
  return name && ['FIELD_INVALID', 'must not hold NUL or half of a surrogate pair', `/${name}`]
}

const groupFault = ({ context }: SegmentCall): Fault | undefined => {
  const groupId = context?.['groupId'] ?? undefined
  const valid = groupId === undefined || (typeof groupId === 'string' && groupId !== '' && groupId.length <= 512)
  return valid ? undefined : ['FIELD_INVALID', 'must be a text of 1 to 512 characters', '/context/groupId']
}
