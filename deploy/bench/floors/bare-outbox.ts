// What an outbox must cost at the least: one multi-row insert per transaction, rows read in batches, appended, deleted.
// Nothing is locked, ordered against other writers, numbered or checked against the end of the log.
import type { AppendRecord, EventLog } from '@banso/messaging'
import pg from 'pg'

const TABLE = `
  DROP TABLE IF EXISTS floor_outbox;
  CREATE TABLE floor_outbox (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, event_id uuid NOT NULL UNIQUE, topic text NOT NULL,
    partition int NOT NULL, key text NOT NULL, value bytea NOT NULL, headers jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp())`

const INSERT = `
  INSERT INTO floor_outbox (event_id, topic, partition, key, value, headers)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::text[], $5::bytea[], $6::jsonb[])`

const TAKE = `
  SELECT id, topic, partition, key, value, headers FROM (
    SELECT *, sum(octet_length(value) + octet_length(key) + octet_length(headers::text)) OVER (ORDER BY id) AS bytes
    FROM (SELECT * FROM floor_outbox ORDER BY id LIMIT $1) AS head
  ) AS head WHERE bytes <= $2 ORDER BY id`

export interface OutboxFloorRun {
  readonly records: readonly AppendRecord[]
  /** Rows of one transaction. */
  readonly transaction: number
  /** The most of one append: values, keys and headers count. */
  readonly append: { readonly rows: number; readonly bytes: number }
}

const fill = async (database: pg.Pool, { records, transaction }: OutboxFloorRun): Promise<void> => {
  for (let at = 0; at < records.length; at += transaction) {
    const rows = records.slice(at, at + transaction)
    await database.query(INSERT, [
      rows.map(({ headers }) => headers['ce_id']),
      rows.map(({ topic }) => topic),
      rows.map(({ partition }) => partition),
      rows.map(({ key }) => key),
      rows.map(({ value }) => value),
      rows.map(({ headers }) => headers),
    ])
  }
}

const drain = async (database: pg.Pool, log: Pick<EventLog, 'append'>, run: OutboxFloorRun): Promise<void> => {
  for (let sent = 0; sent < run.records.length;) {
    const { rows } = await database.query<AppendRecord & { readonly id: string }>(TAKE, [
      run.append.rows,
      run.append.bytes,
    ])
    if (rows.length === 0) continue
    await log.append(rows)
    await database.query('DELETE FROM floor_outbox WHERE id = ANY($1::bigint[])', [rows.map(({ id }) => id)])
    sent += rows.length
  }
}

/** Writes and sends at once; resolves with the milliseconds until all was sent. */
export const runOutboxFloor = async (
  databaseUrl: string,
  log: Pick<EventLog, 'append'>,
  run: OutboxFloorRun,
): Promise<number> => {
  const database = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  database.on('error', () => undefined) // it has ended before its connections have, which Postgres may be the one to close
  try {
    await database.query(TABLE)
    const began = performance.now()
    await Promise.all([fill(database, run), drain(database, log, run)])
    return performance.now() - began
  } finally {
    await database.end()
  }
}
