import { type EventType, faultsOf, fromHeaders, HEADER, isEventData, isEventType, topicNamed } from '@banso/contracts'
import type { IncomingEvent } from '../../events.ts'
import type { LogRecord } from '../../log/event-log.ts'
import { bounded, type Failure, failureBecause } from '../faults.ts'

/** A record together with the event that is in it. */
export interface Decoded {
  readonly record: LogRecord
  readonly event: IncomingEvent
}

export interface Undecodable {
  readonly record: LogRecord
  readonly failure: Failure
}

const parse = (value: Buffer): { readonly data: unknown } | undefined => {
  try {
    return { data: JSON.parse(value.toString('utf8')) }
  } catch {
    return undefined
  }
}

const invalid = (type: EventType, data: unknown): Failure => ({
  reason: 'the data does not fit its schema',
  errorClass: 'SCHEMA_INVALID',
  message: bounded(
    faultsOf(type, data)
      .map((fault) => `${fault.pointer} ${fault.message}`)
      .join('; '),
  ),
})

/** The event in a record, its data checked against its type's schema; else why it can never be read. */
export const decode = (record: LogRecord): Decoded | Undecodable => {
  const attributes = fromHeaders(record.headers)
  if ('faults' in attributes)
    return { record, failure: failureBecause(`headers missing or malformed: ${attributes.faults.join(', ')}`) }
  const { id, type, time, source } = attributes
  if (record.key.includes('\0')) return { record, failure: failureBecause('the key holds a NUL character') }
  if (!isEventType(type) || !topicNamed(record.topic)?.types.includes(type))
    return { record, failure: failureBecause(`${record.topic} does not carry the type ${type}`) }
  const writer = record.headers[HEADER.writer]
  const sequence = Number(record.headers[HEADER.sequence] ?? Number.NaN)
  if (writer === undefined || !Number.isSafeInteger(sequence))
    return { record, failure: failureBecause('headers missing or malformed: ce_writer, ce_sequence') }
  const parsed = parse(record.value)
  if (!parsed) return { record, failure: failureBecause('the value is not JSON') }
  const { data } = parsed
  if (!isEventData(type, data)) return { record, failure: invalid(type, data) }
  const { key, topic, partition, offset } = record
  return { record, event: { id, type, time, source, key, data, topic, partition, offset, writer, sequence } }
}

/** All of `records`, apart by whether they can be read, each in order. */
export const decodeAll = (
  records: readonly LogRecord[],
): { readonly decoded: Decoded[]; readonly undecodable: Undecodable[] } => {
  const decoded: Decoded[] = []
  const undecodable: Undecodable[] = []
  for (const record of records) {
    const one = decode(record)
    if ('event' in one) decoded.push(one)
    else undecodable.push(one)
  }
  return { decoded, undecodable }
}
