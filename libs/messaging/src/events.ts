import type { EventData, EventType, EventTypeOn, TopicName } from '@banso/contracts'

/** An event as a handler sees it: decoded, its data valid against its type's schema. */
export interface IncomingEvent<T extends EventType = EventType> {
  /** ce_id. */
  readonly id: string
  readonly type: T
  /** ce_time: the event's own time. */
  readonly time: Date
  readonly source: string
  /** The record's key: the account id, but for the private topic. */
  readonly key: string
  readonly data: EventData<T>
  readonly topic: string
  readonly partition: number
  readonly offset: number
  readonly writer: string
  readonly sequence: number
}

/** The events of a topic, as a union discriminated by `type`. */
export type EventOn<N extends TopicName> = { [T in EventTypeOn<N> & EventType]: IncomingEvent<T> }[EventTypeOn<N> &
  EventType]

/** An event to publish through the outbox. */
export interface OutgoingEvent<T extends EventType = EventType> {
  readonly topic: TopicName
  readonly type: T
  /** The record's key: the account id. */
  readonly key: string
  /** The event's own time. */
  readonly time: Date
  readonly data: EventData<T>
  /** UUID; made when absent. */
  readonly id?: string
}
