import type { Position } from '@banso/messaging'
import type { EntityManager } from 'typeorm'

export interface TrimMark {
  readonly partition: number
  /** Everything before it was passed on `passedOn` or earlier. */
  readonly offset: number
  readonly passedOn: string
}

/** Where the sorter stood at the end of each day, per partition of the raw log: what may be deleted later. */
export const trimMarks = {
  async set(tx: EntityManager, positions: readonly Position[], passedOn: string): Promise<void> {
    await tx.query(
      `INSERT INTO trim_mark (log_id, partition, passed_on, next_offset)
       SELECT log_id, partition, $4, next FROM unnest($1::text[], $2::int[], $3::bigint[]) AS m (log_id, partition, next)
       ORDER BY log_id, partition
       ON CONFLICT (log_id, partition, passed_on) DO UPDATE SET next_offset = excluded.next_offset
       WHERE trim_mark.next_offset < excluded.next_offset`,
      [
        positions.map(({ logId }) => logId),
        positions.map(({ partition }) => partition),
        positions.map(({ next }) => next),
        passedOn,
      ],
    )
  },

  /** Per partition, the newest mark before `day`. */
  async before(tx: EntityManager, logId: string, day: string): Promise<TrimMark[]> {
    const rows = await tx.query<{ partition: number; offset: string; passedOn: string }[]>(
      `SELECT DISTINCT ON (partition) partition, next_offset AS "offset", passed_on::text AS "passedOn"
       FROM trim_mark WHERE log_id = $1 AND passed_on < $2 ORDER BY partition, passed_on DESC`,
      [logId, day],
    )
    return rows.map((row) => ({ ...row, offset: Number(row.offset) }))
  },

  /** Forgets the mark and the older ones of its partition. */
  async clear(tx: EntityManager, logId: string, mark: TrimMark): Promise<void> {
    await tx.query('DELETE FROM trim_mark WHERE log_id = $1 AND partition = $2 AND passed_on <= $3', [
      logId,
      mark.partition,
      mark.passedOn,
    ])
  },
}
