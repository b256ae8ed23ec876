import type { Pool } from 'pg'
import { inTransaction, LOCK_CLASS, LOCKS } from './schema.ts'

/** Rows deleted by one statement. */
const DELETE_AT_ONCE = 1_000
/** Each statement looks through its partition again. */
const COMPACT_AT_ONCE = 10_000

const COMPACTED = `
  select p.topic_id as topic, p.partition from partition p join topic t on t.id = p.topic_id where t.compacted`

/** One partition at a time: a statement that looks through the whole log would be cut off when the log is large. */
const COMPACT = `
  delete from record using (
    select r."offset" from record r
    where r.compacted and r.topic_id = $2 and r.partition = $3
      and r.appended_at < now() - $1 * interval '1 millisecond'
      and exists (
        select 1 from record newer
        where newer.compacted and newer.topic_id = r.topic_id and newer.partition = r.partition
          and newer.key = r.key and newer."offset" > r."offset")
    limit ${COMPACT_AT_ONCE}
  ) superseded
  where record.topic_id = $2 and record.partition = $3 and record."offset" = superseded."offset"`

/** Moves the start of partitions past what is older than their topic's retention; `DROP_BEFORE_START` deletes it. */
const EXPIRE = `
  update partition p set start_offset = kept.first
  from (
    select p.topic_id, p.partition, coalesce(
      (select min(r."offset") from record r
        where r.topic_id = p.topic_id and r.partition = p.partition
          and r.appended_at >= now() - t.retention_ms * interval '1 millisecond'),
      p.next_offset) as first
    from partition p join topic t on t.id = p.topic_id
    where t.retention_ms is not null
  ) kept
  where p.topic_id = kept.topic_id and p.partition = kept.partition and p.start_offset < kept.first`

const DROP_BEFORE_START = `
  delete from record using (
    select r.topic_id, r.partition, r."offset" from partition p
    cross join lateral (
      select * from record r
      where r.topic_id = p.topic_id and r.partition = p.partition and r."offset" < p.start_offset
      order by r."offset" limit ${DELETE_AT_ONCE}) r
    where p.start_offset > 0
  ) passed
  where record.topic_id = passed.topic_id and record.partition = passed.partition
    and record."offset" = passed."offset"`

const FORGET_MEMBERS = `
  with gone as (delete from member where alive_until < now() - interval '1 minute')
  delete from lease where until < now() - interval '1 minute'`

const repeatUntilNone = async (pool: Pool, statement: string, parameters: unknown[]): Promise<void> => {
  let deleted: number
  do {
    const { rowCount } = await pool.query(statement, parameters)
    deleted = rowCount ?? 0
  } while (deleted > 0)
}

/** Deletes what lies before the start of its partition, in small statements. */
export const dropBeforeStart = (pool: Pool): Promise<void> => repeatUntilNone(pool, DROP_BEFORE_START, [])

const compact = async (pool: Pool, minLagMs: number): Promise<void> => {
  const { rows } = await pool.query<{ topic: number; partition: number }>(COMPACTED)
  for (const { topic, partition } of rows) await repeatUntilNone(pool, COMPACT, [minLagMs, topic, partition])
}

/**
 * Compaction, retention, and members that are gone. One process does it at a time; the others pass.
 * `minCompactionLagMs`: younger records are not compacted away.
 */
export const keepHouse = async (pool: Pool, minCompactionLagMs: number): Promise<void> => {
  await inTransaction(pool, async (client) => {
    const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_xact_lock($1, $2) as mine', [
      LOCK_CLASS,
      LOCKS.housekeeping,
    ])
    if (!rows[0]?.mine) return
    await pool.query(FORGET_MEMBERS)
    await pool.query(EXPIRE)
    await dropBeforeStart(pool)
    await compact(pool, minCompactionLagMs)
  })
}
