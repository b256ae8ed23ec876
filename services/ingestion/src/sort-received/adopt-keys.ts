import { type EventData, isEventData, SLOTS_PER_RECORD, sorterSlots, topics } from '@banso/contracts'
import {
  ConsumerProgress,
  decode,
  type EventLog,
  type LogRecord,
  type PartitionPositions,
  resumesOf,
} from '@banso/messaging'
import type { DataSource } from 'typeorm'
import { writtenFrom } from '../domain/emitted.ts'
import { identities } from '../store/identities.ts'
import { SORTER_GROUP } from './sorter.ts'

/** Before a page without anything new nothing is new either: partitions of the raw log are sorted side by side. */
const PAGE_RECORDS = 100
/** Partitions that are read at a time. */
const AT_ONCE = 4

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

/** Whether an event was made of a raw record that this database has not sorted yet, or after a resume that it knows nothing of. */
const beyondPositions = async (database: DataSource, logId: string): Promise<IsNew> => {
  const positions = await new ConsumerProgress(SORTER_GROUP).all(database.manager)
  const known = new Map(positions.map((position) => [position.partition, position]))
  return ({ writer, sequence }) => {
    const { logId: written, partition } = writtenFrom(writer)
    const stands = known.get(partition) ?? { logId, next: 0 }
    const resumes = resumesOf(written) - resumesOf(stands.logId)
    return resumes === 0 ? written === stands.logId && sequence >= stands.next * SLOTS_PER_RECORD : resumes > 0
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
  const partitions = await log.positions(topics.personKeys.name)
  for (let first = 0; first < partitions.length; first += AT_ONCE) {
    const read = partitions.slice(first, first + AT_ONCE).map((bounds) => newKeys(log, bounds, isNew))
    for (const { sequence, data } of (await Promise.all(read)).flat()) {
      const ofAccount = sequence % SLOTS_PER_RECORD === sorterSlots.accountKey
      // The first that came is the one that consumers have.
      if (ofAccount && !wrapped.has(data.subject)) wrapped.set(data.subject, Buffer.from(data.wrappedKey, 'base64'))
    }
  }
  const keys = [...wrapped].map(([subject, bytes]) => ({ subject, wrapped: bytes }))
  return keys.length === 0 ? 0 : database.transaction((tx) => identities.insertKeys(tx, keys))
}
