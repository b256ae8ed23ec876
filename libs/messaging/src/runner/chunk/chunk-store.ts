import type { EntityManager } from 'typeorm'
import type { LogRecord, TopicPartition } from '../../log/event-log.ts'
import { eventIdOf } from '../parking/parked-messages.ts'

/** What is known of a chunk's partition, read under the lock of its progress row. */
export interface KnownOfChunk {
  /** Highest sequence seen, per writer. */
  readonly fences: ReadonlyMap<string, number>
  /** Those of the chunk's keys that are parked. */
  readonly parkedKeys: ReadonlySet<string>
}

/** One statement for both. */
export const readKnown = async (
  tx: EntityManager,
  group: string,
  at: TopicPartition,
  records: readonly LogRecord[],
): Promise<KnownOfChunk> => {
  const keys = [...new Set(records.map((record) => record.key))].filter((key) => !key.includes('\0'))
  const [row] = await tx.query<{ fences: Record<string, number>; parked: string[] }[]>(
    `SELECT
       (SELECT coalesce(json_object_agg(writer, sequence), '{}') FROM consumer_fence
        WHERE group_name = $1 AND topic = $2 AND partition = $3) AS fences,
       (SELECT coalesce(json_agg(key), '[]') FROM parked_key
        WHERE group_name = $1 AND topic = $2 AND partition = $3 AND key = ANY($4::text[])) AS parked`,
    [group, at.topic, at.partition, keys],
  )
  return { fences: new Map(Object.entries(row?.fences ?? {})), parkedKeys: new Set(row?.parked) }
}

/** The ce_ids among those of `records` that are dead in this group. */
export const readDead = async (
  tx: EntityManager,
  group: string,
  records: readonly LogRecord[],
): Promise<ReadonlySet<string>> => {
  const ids = records.map(eventIdOf).filter((id) => id !== null)
  const rows = await tx.query<{ event_id: string }[]>(
    `SELECT event_id FROM parked_message WHERE group_name = $1 AND state = 'dead' AND event_id = ANY($2::text[])`,
    [group, ids],
  )
  return new Set(rows.map((row) => row.event_id))
}

/** Moves the fences of these writers up. */
export const raiseFences = async (
  tx: EntityManager,
  group: string,
  at: TopicPartition,
  raised: ReadonlyMap<string, number>,
): Promise<void> => {
  if (raised.size === 0) return
  await tx.query(
    `INSERT INTO consumer_fence (group_name, topic, partition, writer, sequence)
     SELECT $1, $2, $3::int, writer, sequence FROM unnest($4::text[], $5::bigint[]) AS f(writer, sequence)
     ON CONFLICT (group_name, topic, partition, writer)
     DO UPDATE SET sequence = greatest(consumer_fence.sequence, excluded.sequence)`,
    [group, at.topic, at.partition, [...raised.keys()], [...raised.values()]],
  )
}
