import type { EntityManager } from 'typeorm'

export interface TrimMark {
  readonly partition: number
  /** Everything before it was passed on `passedOn` or earlier. */
  readonly offset: number
  readonly passedOn: string
}

/** Where the sorter stood at the end of each day, per partition of the raw log: what may be deleted later. */
export const trimMarks = {
  async set(tx: EntityManager, logId: string, mark: TrimMark): Promise<void> {
    await tx.query(
      `INSERT INTO trim_mark (log_id, partition, passed_on, next_offset) VALUES ($1, $2, $3, $4)
       ON CONFLICT (log_id, partition, passed_on) DO UPDATE SET next_offset = excluded.next_offset
       WHERE trim_mark.next_offset < excluded.next_offset`,
      [logId, mark.partition, mark.passedOn, mark.offset],
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
