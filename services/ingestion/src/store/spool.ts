import type { MasterKey } from '@banso/platform'
import type { DataSource } from 'typeorm'
import { openRecord, type RawRecord, sealRecord } from '../domain/record-copy.ts'

export interface SpooledRecord extends RawRecord {
  /** Rises in the order of acceptance. */
  readonly id: number
}

/** Accepted events that the log could not take, in order, until it can. */
export class Spool {
  constructor(
    private readonly database: DataSource,
    private readonly masterKey: MasterKey,
  ) {}

  /** All or none are kept. */
  async add(records: readonly RawRecord[], now: Date): Promise<void> {
    const sealed = records.map((record) => sealRecord(this.masterKey, record))
    await this.database.query(
      `INSERT INTO spool (record, spooled_at)
       SELECT record, $2 FROM unnest($1::bytea[]) WITH ORDINALITY AS given (record, n) ORDER BY n`,
      [sealed, now],
    )
  }

  /** The oldest. */
  async next(limit: number): Promise<SpooledRecord[]> {
    const rows = await this.database.query<{ id: string; record: Buffer }[]>(
      'SELECT id, record FROM spool ORDER BY id LIMIT $1',
      [limit],
    )
    return rows.map(({ id, record }) => ({ id: Number(id), ...openRecord(this.masterKey, record) }))
  }

  async remove(ids: readonly number[]): Promise<void> {
    await this.database.query('DELETE FROM spool WHERE id = ANY($1::bigint[])', [ids])
  }

  /** How many there are (counted up to `most`), and since when. */
  async size(most: number): Promise<{ records: number; oldest: Date | null }> {
    const [row] = await this.database.query<{ records: number; oldest: Date | null }[]>(
      `SELECT (SELECT count(*)::int FROM (SELECT FROM spool LIMIT $1) AS counted) AS records,
         (SELECT spooled_at FROM spool ORDER BY id LIMIT 1) AS oldest`,
      [most],
    )
    return row ?? { records: 0, oldest: null }
  }
}
