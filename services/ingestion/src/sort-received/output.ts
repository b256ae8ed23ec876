import { type EventType, HEADER, isEventData, toHeaders, topicNamed, TRACEPARENT_HEADER } from '@banso/contracts'
import { type AppendRecord, partitionOf } from '@banso/messaging'
import { emittedEventId } from '../domain/account-id.ts'
import { type Emitted, sequenceOf, writerOf } from '../domain/emitted.ts'
import type { RawPosition } from '../domain/sealing.ts'

// What the headers and the record's own framing may add to key and value.
const FRAME_BYTES = 4_096

/** An emitted event that its own contract refuses; the message says where, and nothing of what. */
export class UnfitOutputError extends Error {
  override readonly name = 'UnfitOutputError'
}

/**
 * The record to append, always the same bytes for the same event at the same place. `partition` is that of the account as
 * stored with the receipt, `traceparent` that of the raw record: a span made here would be another one at every repeat.
 */
export const outputRecord = (
  event: Emitted,
  at: RawPosition,
  partition: number | null,
  traceparent?: string,
): AppendRecord => {
  if (!fits(event.type, event.data)) throw new UnfitOutputError(`${event.type} is not valid`)
  const writer = writerOf(at)
  const sequence = sequenceOf(at.offset, event.slot)
  const { topic, type, key, time, data } = event
  const value = Buffer.from(JSON.stringify(data))
  const limit = topicNamed(topic)?.maxRecordBytes ?? 0
  if (value.length + FRAME_BYTES > limit) throw new UnfitOutputError(`${event.type} is too large`)
  const attributes = { id: emittedEventId(writer, sequence), type, source: '/banso/ingestion', time, subject: key }
  return {
    topic,
    partition:
      type === 'ingestion.person-key-made.v1' ? partitionOf(topic, key) : (partition ?? partitionOf(topic, key)),
    key,
    value,
    headers: {
      ...toHeaders(attributes),
      [HEADER.writer]: writer,
      [HEADER.sequence]: String(sequence),
      ...(traceparent !== undefined && { [TRACEPARENT_HEADER]: traceparent }),
    },
  }
}

const fits = (type: EventType, data: unknown): boolean => isEventData(type, data)
