import {
  type EventType,
  type Fault,
  type ServiceName,
  type TopicDeclaration,
  TRACEPARENT_HEADER,
  faultsOf,
  isEventData,
  toHeaders,
  topicNamed,
} from '@banso/contracts'
import { randomUUID } from 'node:crypto'
import type { OutgoingEvent } from '../events.ts'
import { partitionOf } from '../log/partitioner.ts'
import { recordBytes } from '../log/record-size.ts'
import { OutgoingEventInvalidError, OutgoingEventTooLargeError } from './errors.ts'

/** An outgoing event as its outbox row, without the id and the writer that the database gives. */
export interface OutgoingRecord {
  readonly eventId: string
  readonly topic: TopicDeclaration
  readonly partition: number
  readonly key: string
  readonly value: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** Names and values of `ce_writer` and `ce_sequence`, which the relay adds: at most. */
export const WRITER_AND_SEQUENCE_BYTES = 128

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * Encodes an event of `service`. Throws `OutgoingEventInvalidError` when the service does not own the topic, the topic
 * does not carry the type, or the data is not valid; `OutgoingEventTooLargeError` when it is over the topic's limit.
 * `traceparent`: of what causes it.
 */
export const toOutgoingRecord = <T extends EventType>(
  service: ServiceName,
  event: OutgoingEvent<T>,
  traceparent?: string,
): OutgoingRecord => {
  const topic = topicNamed(event.topic)
  const faults = topic
    ? faultsIn(service, topic, event)
    : [{ pointer: '/topic', message: `${event.topic} is not ours` }]
  if (!topic || faults.length > 0) throw new OutgoingEventInvalidError(event.type, faults)
  const eventId = event.id ?? randomUUID()
  const { type, time, key } = event
  const headers = {
    ...toHeaders({ id: eventId, type, source: `/banso/${service}`, time, subject: key }),
    ...(traceparent !== undefined && { [TRACEPARENT_HEADER]: traceparent }),
  }
  const value = Buffer.from(JSON.stringify(event.data))
  const bytes = recordBytes({ key, value, headers }) + WRITER_AND_SEQUENCE_BYTES
  if (bytes > topic.maxRecordBytes) throw new OutgoingEventTooLargeError(type, bytes, topic.maxRecordBytes)
  return { eventId, topic, partition: partitionOf(topic.name, key), key, value, headers }
}

const faultsIn = (service: ServiceName, topic: TopicDeclaration, event: OutgoingEvent): Fault[] => {
  const faults: Fault[] = []
  if (topic.owner !== service) faults.push({ pointer: '/topic', message: `${topic.name} belongs to ${topic.owner}` })
  if (!topic.types.includes(event.type)) faults.push({ pointer: '/type', message: `${topic.name} does not carry it` })
  if (event.key === '') faults.push({ pointer: '/key', message: 'must not be empty' })
  if (Number.isNaN(event.time.getTime())) faults.push({ pointer: '/time', message: 'must be a time' })
  if (event.id !== undefined && !UUID.test(event.id)) faults.push({ pointer: '/id', message: 'must be a UUID' })
  if (isEventData(event.type, event.data)) return faults
  return [
    ...faults,
    ...faultsOf(event.type, event.data).map((fault) => ({ ...fault, pointer: `/data${fault.pointer}` })),
  ]
}
