import { HEADER } from '@banso/contracts'
import type { DataSource } from 'typeorm'
import type { Presence } from '../presence/presence.ts'
import type { AppendRecord } from '../log/event-log.ts'
import { WRITER_AND_SEQUENCE_BYTES } from './outgoing-record.ts'

/** A waiting row as the record to append; `ce_sequence` is its id. */
export interface WaitingRecord {
  readonly id: string
  readonly record: AppendRecord
}

/** Rows waiting, counted up to 100,000, and the age of the oldest in seconds. */
export interface Backlog {
  readonly rows: number
  readonly oldestSeconds: number
}

interface WaitingRow {
  readonly id: string
  readonly writer: string
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly value: Buffer
  readonly headers: Record<string, string>
  /** Rows there are, counted up to the most that are read. */
  readonly waiting: number
}

/** `hasMore`: there were more rows than these. */
export interface Oldest {
  readonly records: readonly WaitingRecord[]
  readonly hasMore: boolean
}

/**
 * What the relay appends at once at the most. The bytes fit one round of an append: of two rounds the second could be
 * confirmed and the first not, and a record that is appended after a newer one of its partition is dropped by the
 * consumers' fence.
 */
export const RELAY_BATCH = { rows: 1_000, bytes: 440_000 } as const

const OLDEST = {
  name: 'outbox-oldest',
  text: `
    SELECT id, writer, topic, partition, key, value, headers, waiting
    FROM (
      SELECT *, count(*) OVER ()::int AS waiting, row_number() OVER by_id AS n,
        sum(octet_length(value) + octet_length(key) + octet_length(headers::text) + $3) OVER by_id AS bytes
      FROM (SELECT * FROM outbox ORDER BY id LIMIT $4) AS head
      WINDOW by_id AS (ORDER BY id)
    ) AS head
    WHERE (bytes <= $5 OR n = 1)
      AND EXISTS (SELECT FROM outbox_relay WHERE service = $1 AND holder = $2 AND lease_until > clock_timestamp())
    ORDER BY id`,
}

/** The relay's statements. */
export class OutboxStore {
  /** `presence`: by whose session it polls while that is free. */
  constructor(
    private readonly dataSource: DataSource,
    private readonly presence?: Presence,
  ) {}

  /**
   * The oldest rows over all partitions: up to 1,000 or 440 kB, at least one; none without the lease.
   *
   * One statement may serve all partitions without overtaking anything: a row's id is taken under its partition's
   * advisory lock, and the lock is held until the commit is visible. So when a row can be seen, every row of its
   * partition with a lower id has been committed or rolled back, and the snapshot shows it too. Ids missing here
   * belong to other partitions; they come with a later read, because nothing remembers how far the last one got.
   */
  async oldest(service: string, holder: string | undefined): Promise<Oldest> {
    const values = [service, holder, WRITER_AND_SEQUENCE_BYTES, RELAY_BATCH.rows, RELAY_BATCH.bytes]
    const free = this.presence?.free()
    const rows = free
      ? (await free.query<WaitingRow>(OLDEST, values)).rows
      : await this.dataSource.query<WaitingRow[]>(OLDEST.text, values)
    const waiting = rows[0]?.waiting ?? 0
    return { records: rows.map(toWaitingRecord), hasMore: waiting > rows.length || waiting === RELAY_BATCH.rows }
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.dataSource.query('DELETE FROM outbox WHERE id = ANY($1::bigint[])', [ids])
  }

  async backlog(): Promise<Backlog> {
    const [backlog] = await this.dataSource.query<Backlog[]>(
      `SELECT (SELECT count(*)::int FROM (SELECT FROM outbox LIMIT 100000) AS waiting) AS rows,
         coalesce((SELECT greatest(0, extract(epoch FROM clock_timestamp() - created_at))::float8
                   FROM outbox ORDER BY id LIMIT 1), 0) AS "oldestSeconds"`,
    )
    return backlog ?? { rows: 0, oldestSeconds: 0 }
  }
}

const toWaitingRecord = ({ id, writer, topic, partition, key, value, headers }: WaitingRow): WaitingRecord => ({
  id,
  record: { topic, partition, key, value, headers: { ...headers, [HEADER.writer]: writer, [HEADER.sequence]: id } },
})
