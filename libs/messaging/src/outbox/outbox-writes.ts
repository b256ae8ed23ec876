import type { ServiceName } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { OutgoingRecord } from './outgoing-record.ts'

/**
 * Writes the records in the order given; must be the last statements of their transaction. Locks their partitions
 * first and until the commit: that alone makes ids rise in commit order within a partition.
 */
export const insertOutbox = async (
  tx: EntityManager,
  service: ServiceName,
  records: readonly OutgoingRecord[],
): Promise<void> => {
  if (records.length === 0) return
  const partitions = partitionsOf(records)
  await tx.query(
    `SELECT pg_advisory_xact_lock(number, partition)
     FROM (SELECT * FROM unnest($1::int[], $2::int[]) WITH ORDINALITY AS p(number, partition, n) ORDER BY n) AS p`,
    [partitions.map(({ number }) => number), partitions.map(({ partition }) => partition)],
  )
  await tx.query(
    `INSERT INTO outbox (event_id, writer, topic, partition, key, value, headers)
     SELECT event_id,
       'outbox/' || $1::text || '/' || coalesce((SELECT generation FROM outbox_relay WHERE service = $1), 1),
       topic, partition, key, value, headers
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::text[], $6::bytea[], $7::jsonb[])
       WITH ORDINALITY AS r(event_id, topic, partition, key, value, headers, n)
     ORDER BY n`,
    [
      service,
      records.map((record) => record.eventId),
      records.map((record) => record.topic.name),
      records.map((record) => record.partition),
      records.map((record) => record.key),
      records.map((record) => record.value),
      records.map((record) => JSON.stringify(record.headers)),
    ],
  )
}

const partitionsOf = (records: readonly OutgoingRecord[]): { number: number; partition: number }[] => {
  const byLock = new Map<string, { number: number; partition: number }>()
  for (const { topic, partition } of records) {
    byLock.set(`${topic.number}/${partition}`, { number: topic.number, partition })
  }
  return [...byLock.values()].toSorted((a, b) => a.number - b.number || a.partition - b.partition)
}
