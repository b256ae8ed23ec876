import type { Pool } from 'pg'
import type { LogRecord, TopicPartition } from '../event-log.ts'
import type { EmbeddedTopic } from './topics.ts'

interface RecordRow {
  topic_id: number
  partition: number
  offset: string
  appended_at: Date
  key: Buffer
  headers: Record<string, string>
  value: Buffer
}

export interface Wanted extends TopicPartition {
  readonly from: number
}

export interface Fetched extends Wanted {
  /** Empty: the partition ends before `from`. */
  readonly records: readonly LogRecord[]
  readonly end: number
}

export interface FetchBounds {
  readonly bytes: number
  readonly records: number
  readonly partitions: number
}

const FETCH = {
  name: 'fetch-records',
  text: `
    with news as materialized (
      select w.place, w.next, p.topic_id, p.partition, p.next_offset
      from unnest($1::int[], $2::int[], $3::bigint[]) with ordinality as w (topic_id, partition, next, place)
      join partition p on p.topic_id = w.topic_id and p.partition = w.partition
      where p.next_offset <> w.next
      order by w.place
      limit $6
    )
    select n.place::int, n.next_offset, r.*
    from news n
    left join lateral (
      select bounded.topic_id, bounded.partition, bounded."offset", bounded.appended_at, bounded.key, bounded.headers,
        bounded.value
      from (
        select c.*, sum(octet_length(c.value)) over (order by c."offset") - octet_length(c.value) as before
        from (
          select * from record r
          where r.topic_id = n.topic_id and r.partition = n.partition and r."offset" >= n.next
          order by r."offset" limit $4
        ) c
      ) bounded
      where bounded.before < $5
    ) r on true
    order by n.place, r."offset"`,
}

/** What is new on the partitions wanted; those without news are left out. One query. */
export const fetchRecords = async (
  pool: Pool,
  wanted: readonly Wanted[],
  topicOf: (name: string) => EmbeddedTopic,
  bounds: FetchBounds,
): Promise<readonly Fetched[]> => {
  const { rows } = await pool.query<{ place: number; next_offset: string; topic_id: number | null } & RecordRow>(
    FETCH,
    [
      wanted.map(({ topic }) => topicOf(topic).id),
      wanted.map(({ partition }) => partition),
      wanted.map(({ from }) => from),
      bounds.records,
      bounds.bytes,
      bounds.partitions,
    ],
  )
  const fetched = new Map<number, { partition: Wanted; records: LogRecord[]; end: number }>()
  for (const row of rows) {
    const partition = wanted[row.place - 1]
    if (!partition) continue
    const entry = fetched.get(row.place) ?? { partition, records: [], end: Number(row.next_offset) }
    fetched.set(row.place, entry)
    if (row.topic_id !== null) entry.records.push(toRecord(partition.topic, row))
  }
  return [...fetched.values()].map(({ partition, records, end }) => ({ ...partition, records, end }))
}

/** Up to `limit` records from `from` on. */
export const readRecords = async (
  pool: Pool,
  topic: EmbeddedTopic,
  partition: number,
  from: number,
  limit: number,
): Promise<readonly LogRecord[]> => {
  const { rows } = await pool.query<RecordRow>(
    `select topic_id, partition, "offset", appended_at, key, headers, value from record
     where topic_id = $1 and partition = $2 and "offset" >= $3 order by "offset" limit $4`,
    [topic.id, partition, from, limit],
  )
  return rows.map((row) => toRecord(topic.name, row))
}

const toRecord = (topic: string, row: RecordRow): LogRecord => ({
  topic,
  partition: row.partition,
  offset: Number(row.offset),
  appendedAt: row.appended_at,
  key: row.key.toString(),
  headers: row.headers,
  value: row.value,
})
