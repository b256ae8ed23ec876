import type { Pool } from 'pg'
import { TopicMismatchError } from '../errors.ts'
import type { AppendRecord } from '../event-log.ts'
import type { EmbeddedTopics } from './topics.ts'

/**
 * One statement, one transaction. The partitions are locked in sorted order and stay locked to the commit, so offsets
 * have no gaps and become visible in their order.
 */
const WRITE = {
  name: 'write-records',
  text: `
    with target as materialized (
      select p.topic_id, p.partition, t.compacted, w.records
      from unnest($1::int[], $2::int[], $3::bigint[]) as w (topic_id, partition, records)
      join partition p on p.topic_id = w.topic_id and p.partition = w.partition
      join topic t on t.id = p.topic_id
      order by p.topic_id, p.partition
      for update of p
    ), moved as (
      update partition p set next_offset = p.next_offset + target.records
      from target
      where p.topic_id = target.topic_id and p.partition = target.partition
      returning p.topic_id, p.partition, target.compacted, p.next_offset - target.records as first
    ), written as (
      insert into record (topic_id, partition, "offset", appended_at, compacted, key, headers, value)
      select m.topic_id, m.partition, m.first + r.place, clock_timestamp(), m.compacted, r.key, r.headers, r.value
      from unnest($4::int[], $5::int[], $6::int[], $7::bytea[], $8::json[], $9::bytea[])
        as r (topic_id, partition, place, key, headers, value)
      join moved m on m.topic_id = r.topic_id and m.partition = r.partition
      returning 1
    )
    select count(*)::int as written from written`,
}

/** Appends the records to their partitions in the order given; durable when it resolves. */
export const writeRecords = async (
  pool: Pool,
  topics: EmbeddedTopics,
  records: readonly AppendRecord[],
): Promise<void> => {
  const counts = new Map<string, { topicId: number; partition: number; records: number }>()
  const placed = records.map((record) => {
    const topicId = topics.known(record.topic).id
    const shard = `${topicId}/${record.partition}`
    const count = counts.get(shard) ?? { topicId, partition: record.partition, records: 0 }
    counts.set(shard, count)
    count.records += 1
    return { record, topicId, place: count.records - 1 }
  })
  const shards = [...counts.values()]
  const { rows } = await pool.query<{ written: number }>(WRITE, [
    shards.map(({ topicId }) => topicId),
    shards.map(({ partition }) => partition),
    shards.map((shard) => shard.records),
    placed.map(({ topicId }) => topicId),
    records.map(({ partition }) => partition),
    placed.map(({ place }) => place),
    records.map(({ key }) => Buffer.from(key)),
    records.map(({ headers }) => JSON.stringify(headers)),
    records.map(({ value }) => value),
  ])
  if (rows[0]?.written !== records.length) throw new TopicMismatchError('a record names a partition that is not there')
}
