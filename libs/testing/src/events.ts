import {
  type EventData,
  type EventType,
  faultsOf,
  HEADER,
  isEventData,
  toHeaders,
  type TopicName,
  topics,
} from '@banso/contracts'
import { type AppendRecord, type IncomingEvent, type OutgoingEvent, partitionOf } from '@banso/messaging'
import { randomUUID } from 'node:crypto'
import { golden } from './golden.ts'

/** An event with everything filled in; it can be published as it is. */
export type TestEvent<T extends EventType = EventType> = Required<OutgoingEvent<T>> & { readonly source: string }

export interface TestAttributes {
  /** Default: a new UUID. */
  readonly id?: string
  /** Default: the golden's. */
  readonly time?: Date | string
  /** Default: the data's account id, else the golden's. */
  readonly key?: string
}

/** Where a record stands in its writer's sequence, and in the log. */
export interface TestPosition {
  readonly writer?: string
  readonly sequence?: number
  readonly offset?: number
}

const topicOf = (type: EventType): TopicName => {
  const topic = Object.values(topics).find(({ types }) => types.some((known) => known === type))
  if (!topic) throw new Error(`no topic carries ${type}`)
  return topic.name
}

/**
 * An event of this type: the golden's data with `data` over it, an id (and, where it has one, a messageId) of its own.
 * Throws when the result is not valid: what is invalid is written by hand.
 */
export const eventOf = <T extends EventType>(
  type: T,
  data: Partial<EventData<T>> = {},
  attributes: TestAttributes = {},
): TestEvent<T> => {
  const example = golden(type)
  const id = attributes.id ?? randomUUID()
  const merged: unknown = { ...example.data, ...('messageId' in example.data && { messageId: id }), ...data }
  if (!isEventData(type, merged)) throw new Error(`not a valid ${type}: ${JSON.stringify(faultsOf(type, merged))}`)
  const accountId = 'accountId' in merged && typeof merged.accountId === 'string' ? merged.accountId : undefined
  return {
    id,
    type,
    topic: topicOf(type),
    source: example.headers[HEADER.source] ?? '',
    key: attributes.key ?? accountId ?? example.key,
    time: new Date(attributes.time ?? example.headers[HEADER.time] ?? Number.NaN),
    data: merged,
  }
}

let sequence = 0

/** The event as its record. Without a position: the next one of a writer `test/<process id>`. */
export const recordOf = (event: TestEvent, position: TestPosition = {}): AppendRecord => ({
  topic: event.topic,
  partition: partitionOf(event.topic, event.key),
  key: event.key,
  value: Buffer.from(JSON.stringify(event.data)),
  headers: {
    ...toHeaders({ ...event, subject: event.key }),
    [HEADER.writer]: position.writer ?? `test/${process.pid}`,
    [HEADER.sequence]: String(position.sequence ?? (sequence += 1)),
  },
})

/** The event as a handler gets it. */
export const incomingOf = <T extends EventType>(
  event: TestEvent<T>,
  position: TestPosition = {},
): IncomingEvent<T> => ({
  id: event.id,
  type: event.type,
  time: event.time,
  source: event.source,
  key: event.key,
  data: event.data,
  topic: event.topic,
  partition: partitionOf(event.topic, event.key),
  offset: position.offset ?? 0,
  writer: position.writer ?? `test/${process.pid}`,
  sequence: position.sequence ?? (sequence += 1),
})
