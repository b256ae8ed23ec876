import { type EventData, isEventData, SLOTS_PER_RECORD, sorterSlots, topics } from '@banso/contracts'
import { ConsumerProgress, decode, type EventLog, type LogRecord, type PartitionPositions } from '@banso/messaging'
import type { DataSource } from 'typeorm'
import { writerOf } from '../domain/emitted.ts'
import { identities } from '../store/identities.ts'
import { SORTER_GROUP } from './sorter.ts'

/** Before a page without anything new nothing is new either: partitions of the raw log are sorted side by side. */
const PAGE_RECORDS = 100

const KEY_MADE = 'ingestion.person-key-made.v1'

interface KeyMade {
  readonly writer: string
  readonly sequence: number
  readonly data: EventData<typeof KEY_MADE>
}
type IsNew = (event: KeyMade) => boolean

const keyMadeIn = (record: LogRecord): KeyMade[] => {
  const read = decode(record)
  if (!('event' in read)) return []
  const { writer, sequence, data } = read.event
  return isEventData(KEY_MADE, data) ? [{ writer, sequence, data }] : []
}

/** Whether an event was made of a raw record that this database has not sorted yet. */
const beyondPositions = async (database: DataSource, logId: string): Promise<IsNew> => {
  const positions = await new ConsumerProgress(SORTER_GROUP).all(database.manager)
  const known = new Map(positions.map((position) => [position.partition, position]))
  return ({ writer, sequence }) => {
    const partition = Number(writer.slice(writer.lastIndexOf('/') + 1))
    const stands = known.get(partition) ?? { logId, next: 0 }
    return writer === writerOf({ logId: stands.logId, partition }) && sequence >= stands.next * SLOTS_PER_RECORD
  }
}

/** Of one partition, back to where nothing is new; oldest first. */
const newKeys = async (
  log: Pick<EventLog, 'read'>,
  { topic, partition, start, end }: PartitionPositions,
  isNew: IsNew,
): Promise<KeyMade[]> => {
  const found: KeyMade[] = []
  for (let to = end; to > start;) {
    const from = Math.max(start, to - PAGE_RECORDS)
    const page = (await log.read({ topic, partition }, from, PAGE_RECORDS)).filter(({ offset }) => offset < to)
    const made = page.flatMap(keyMadeIn).filter(isNew)
    found.unshift(...made)
    if (page.length > 0 && made.length === 0) break
    to = from
  }
  return found
}

/**
 * A database that was restored is older than the log. What it sorts again is dropped as a repeat, and so would be a key that it
 * made for an account which has one: these are taken from the log, before anything is sorted. How many were missing.
 */
export const adoptKeys = async (
  log: Pick<EventLog, 'positions' | 'read'>,
  database: DataSource,
  logId: string,
): Promise<number> => {
  const isNew = await beyondPositions(database, logId)
  const wrapped = new Map<string, Buffer>()
  for (const bounds of await log.positions(topics.personKeys.name))
    for (const { sequence, data } of await newKeys(log, bounds, isNew)) {
      const ofAccount = sequence % SLOTS_PER_RECORD === sorterSlots.accountKey
      // The first that came is the one that consumers have.
      if (ofAccount && !wrapped.has(data.subject)) wrapped.set(data.subject, Buffer.from(data.wrappedKey, 'base64'))
    }
  const keys = [...wrapped].map(([subject, bytes]) => ({ subject, wrapped: bytes }))
  return keys.length === 0 ? 0 : database.transaction((tx) => identities.insertKeys(tx, keys))
}
