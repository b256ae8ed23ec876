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
  // All values in one parameter, sent as bytes: an array of them would travel as twice as much text.
  await tx.query(
    `INSERT INTO outbox (event_id, writer, topic, partition, key, value, headers)
     SELECT event_id,
       'outbox/' || $1::text || '/' || coalesce((SELECT generation FROM outbox_relay WHERE service = $1), 1),
       topic, partition, key, substring($6::bytea, start, length), headers
     FROM ROWS FROM (
       unnest($2::uuid[]), unnest($3::text[]), unnest($4::int[]), unnest($5::text[]),
       unnest($7::int[]), unnest($8::int[]), jsonb_array_elements($9::jsonb)
     ) WITH ORDINALITY AS r(event_id, topic, partition, key, start, length, headers, n)
     ORDER BY n`,
    [
      service,
      records.map((record) => record.eventId),
      records.map((record) => record.topic.name),
      records.map((record) => record.partition),
      records.map((record) => record.key),
      Buffer.concat(records.map((record) => record.value)),
      startsOf(records),
      records.map((record) => record.value.length),
      JSON.stringify(records.map((record) => record.headers)),
    ],
  )
}

/** Where each value begins in all of them together, counted from 1. */
const startsOf = (records: readonly OutgoingRecord[]): number[] => {
  let next = 1
  return records.map(({ value }) => {
    const start = next
    next += value.length
    return start
  })
}

const partitionsOf = (records: readonly OutgoingRecord[]): { number: number; partition: number }[] => {
  const byLock = new Map<string, { number: number; partition: number }>()
  for (const { topic, partition } of records) {
    byLock.set(`${topic.number}/${partition}`, { number: topic.number, partition })
  }
  return [...byLock.values()].toSorted((a, b) => a.number - b.number || a.partition - b.partition)
}
