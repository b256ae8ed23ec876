import {
  type EventData,
  type EventType,
  SLOTS_PER_RECORD,
  type Sealed,
  type SorterSlot,
  sorterSlots,
  type TopicName,
} from '@banso/contracts'
import type { KeyObject } from 'node:crypto'
import type { JsonObject } from './json-value.ts'
import type { Received } from './received.ts'
import { type RawPosition, seal } from './sealing.ts'

export type ReceiptState = 'accepted' | 'quarantined' | 'rejected'

/** What the stored receipt says of a record, as far as it decides what is emitted. */
export interface Resolution {
  readonly state: ReceiptState
  readonly accountId: string | null
  readonly personId: string | null
  /** This record made the person, and so emits their key. */
  readonly personMade: boolean
  /** This record made the account's data key, and so emits it. */
  readonly accountKeyMade: boolean
}

export interface DataKey {
  readonly key: KeyObject
  /** By the master key, base64. */
  readonly wrapped: string
}

/** An event to append; its place among the outputs of its record is its slot. */
export interface Emitted<T extends EventType = EventType> {
  readonly topic: TopicName
  readonly type: T
  readonly slot: SorterSlot
  readonly key: string
  readonly time: Date
  readonly data: EventData<T>
}

export interface EmissionSources {
  readonly received: Received
  readonly at: RawPosition
  readonly resolution: Resolution
  /** By subject. A subject without one has been erased: what is personal about it goes nowhere. */
  readonly dataKeys: ReadonlyMap<string, DataKey>
}

export const sequenceOf = (offset: number, slot: SorterSlot): number => offset * SLOTS_PER_RECORD + sorterSlots[slot]

/** `ce_writer` of everything emitted from a partition of the raw log. */
export const writerOf = (at: Pick<RawPosition, 'logId' | 'partition'>): string => `received/${at.logId}/${at.partition}`

/** What `writerOf` was given. */
export const writtenFrom = (writer: string): Pick<RawPosition, 'logId' | 'partition'> => {
  const at = writer.lastIndexOf('/')
  return { logId: writer.slice(writer.indexOf('/') + 1, at), partition: Number(writer.slice(at + 1)) }
}

export const sealedFor = (
  subject: string,
  personal: JsonObject,
  slot: SorterSlot,
  { at, dataKeys }: EmissionSources,
): { sealed?: Sealed } => {
  const dataKey = dataKeys.get(subject)
  if (!dataKey || Object.keys(personal).length === 0) return {}
  return { sealed: seal(personal, { subject, key: dataKey.key }, at, sorterSlots[slot]) }
}
