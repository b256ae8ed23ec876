import type { EntityManager } from 'typeorm'
import type { Resolution } from '../domain/emitted.ts'
import type { RawPosition } from '../domain/sealing.ts'

/** What names an event: the client's id of it, within its source. */
export interface EventName {
  readonly source: string
  readonly messageId: string
}

/** One row per event that was accepted: where it stood in the raw log, and what was made of it. */
export interface Receipt extends EventName, Resolution {
  readonly at: RawPosition
  /** Of its account, on the typed topics. */
  readonly partition: number | null
  readonly reason: string | null
  readonly receivedAt: Date
  readonly sortedAt: Date
}

interface ReceiptRow {
  source: string
  message_id: string
  log_id: string
  raw_partition: number
  raw_offset: string
  account_id: string | null
  person_id: string | null
  partition: number | null
  state: Receipt['state']
  reason: string | null
  person_made: boolean
  account_key_made: boolean
  received_at: Date
  sorted_at: Date
  repeats: number
}

const COLUMNS = `source, message_id, log_id, raw_partition, raw_offset, account_id, person_id, partition, state, reason,
  person_made, account_key_made, received_at, sorted_at, seen_on`
const UNNEST = `unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::uuid[], $7::uuid[], $8::int[],
  $9::text[], $10::text[], $11::boolean[], $12::boolean[], $13::timestamptz[], $14::timestamptz[], $15::date[])`

const receiptOf = (row: ReceiptRow): Receipt => ({
  source: row.source,
  messageId: row.message_id,
  at: { logId: row.log_id, partition: row.raw_partition, offset: Number(row.raw_offset) },
  accountId: row.account_id,
  personId: row.person_id,
  partition: row.partition,
  state: row.state,
  reason: row.reason,
  personMade: row.person_made,
  accountKeyMade: row.account_key_made,
  receivedAt: row.received_at,
  sortedAt: row.sorted_at,
})

const columnsOf = (receipts: readonly Receipt[]): unknown[][] => [
  receipts.map((receipt) => receipt.source),
  receipts.map((receipt) => receipt.messageId),
  receipts.map((receipt) => receipt.at.logId),
  receipts.map((receipt) => receipt.at.partition),
  receipts.map((receipt) => receipt.at.offset),
  receipts.map((receipt) => receipt.accountId),
  receipts.map((receipt) => receipt.personId),
  receipts.map((receipt) => receipt.partition),
  receipts.map((receipt) => receipt.state),
  receipts.map((receipt) => receipt.reason),
  receipts.map((receipt) => receipt.personMade),
  receipts.map((receipt) => receipt.accountKeyMade),
  receipts.map((receipt) => receipt.receivedAt.toISOString()),
  receipts.map((receipt) => receipt.sortedAt.toISOString()),
  receipts.map((receipt) => receipt.sortedAt.toISOString().slice(0, 10)),
]

/** Statements on `event_receipt`; rows are always touched in key order. */
export const receipts = {
  async find(tx: EntityManager, names: readonly EventName[]): Promise<Receipt[]> {
    const rows = await tx.query<ReceiptRow[]>(
      // Row by row: of a join, Postgres would make a scan of every partition of the table.
      `SELECT found.* FROM unnest($1::text[], $2::text[]) AS asked (source, message_id)
       CROSS JOIN LATERAL (
         SELECT ${COLUMNS}, repeats FROM event_receipt AS receipt
         WHERE receipt.source = asked.source AND receipt.message_id = asked.message_id OFFSET 0) AS found`,
      [names.map((name) => name.source), names.map((name) => name.messageId)],
    )
    return rows.map(receiptOf)
  },

  /** How many were inserted: fewer than given when another sorter was first. */
  async insert(tx: EntityManager, fresh: readonly Receipt[]): Promise<number> {
    const rows = await tx.query<unknown[]>(
      `INSERT INTO event_receipt (${COLUMNS})
       SELECT * FROM ${UNNEST} AS fresh (${COLUMNS}) ORDER BY source, message_id
       ON CONFLICT DO NOTHING RETURNING 1`,
      columnsOf(fresh),
    )
    return rows.length
  },

  /** Rows that a later record takes over, from where they stood before. How many were. */
  async move(tx: EntityManager, moved: readonly { receipt: Receipt; from: RawPosition }[]): Promise<number> {
    const rows = await tx.query<unknown[]>(
      `WITH moved AS (
         UPDATE event_receipt AS old SET
           log_id = new.log_id, raw_partition = new.raw_partition, raw_offset = new.raw_offset,
           account_id = new.account_id, person_id = new.person_id, partition = new.partition, state = new.state,
           reason = new.reason, person_made = new.person_made, account_key_made = new.account_key_made,
           sorted_at = new.sorted_at, seen_on = new.seen_on
         FROM (
           SELECT * FROM ${UNNEST} WITH ORDINALITY AS given (${COLUMNS}, n)
           JOIN unnest($16::text[], $17::int[], $18::bigint[]) WITH ORDINALITY
             AS before (from_log_id, from_partition, from_offset, n) USING (n)
         ) AS new
         WHERE old.source = new.source AND old.message_id = new.message_id AND old.log_id = new.from_log_id
           AND old.raw_partition = new.from_partition AND old.raw_offset = new.from_offset
         RETURNING 1)
       SELECT * FROM moved`,
      [
        ...columnsOf(moved.map(({ receipt }) => receipt)),
        moved.map(({ from }) => from.logId),
        moved.map(({ from }) => from.partition),
        moved.map(({ from }) => from.offset),
      ],
    )
    return rows.length
  },

  /** Each name as often as it was sent again. */
  async countRepeats(tx: EntityManager, repeated: readonly EventName[]): Promise<void> {
    await tx.query(
      `WITH again AS (
         SELECT source, message_id, count(*)::int AS times FROM unnest($1::text[], $2::text[]) AS sent (source, message_id)
         GROUP BY source, message_id),
       locked AS (
         SELECT source, message_id, times FROM event_receipt JOIN again USING (source, message_id)
         ORDER BY source, message_id FOR UPDATE OF event_receipt)
       UPDATE event_receipt SET repeats = repeats + locked.times FROM locked
       WHERE event_receipt.source = locked.source AND event_receipt.message_id = locked.message_id`,
      [repeated.map((name) => name.source), repeated.map((name) => name.messageId)],
    )
  },

  async read(tx: EntityManager, name: EventName): Promise<(Receipt & { repeats: number }) | undefined> {
    const [row] = await tx.query<ReceiptRow[]>(
      `SELECT ${COLUMNS}, repeats FROM event_receipt WHERE source = $1 AND message_id = $2`,
      [name.source, name.messageId],
    )
    return row && { ...receiptOf(row), repeats: row.repeats }
  },

  /** Deletes up to `limit` rows last seen before `day`, never of a quarantined event. How many were deleted. */
  async forget(tx: EntityManager, day: string, limit: number): Promise<number> {
    const [row] = await tx.query<{ deleted: number }[]>(
      `WITH old AS (
         SELECT source, message_id FROM event_receipt WHERE seen_on < $1 AND state <> 'quarantined' LIMIT $2),
       gone AS (DELETE FROM event_receipt USING old
         WHERE event_receipt.source = old.source AND event_receipt.message_id = old.message_id RETURNING 1)
       SELECT count(*)::int AS deleted FROM gone`,
      [day, limit],
    )
    return row?.deleted ?? 0
  },
}
