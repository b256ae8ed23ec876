import type { EntityManager } from 'typeorm'
import type { EventName } from './receipts.ts'

/** An event that nothing could be made of, with its raw record, sealed. */
export interface QuarantinedEvent extends EventName {
  readonly id: string
  /** Of the raw record. */
  readonly type: string
  readonly reason: string
  readonly record: Buffer
}

/** As people see it: the record stays sealed. */
export interface QuarantineEntry extends Omit<QuarantinedEvent, 'record'> {
  readonly quarantinedAt: Date
  /** Set while it is on its way through the raw log again. */
  readonly redrivenAt: Date | null
}

export interface QuarantineFilter {
  readonly ids?: readonly string[] | undefined
  readonly source?: string | undefined
  readonly reason?: string | undefined
  /** Entries behind this one. */
  readonly after?: { readonly quarantinedAt: string; readonly id: string } | undefined
  readonly limit: number
}

const ENTRY = `id, source, message_id AS "messageId", type, reason, quarantined_at AS "quarantinedAt",
  redriven_at AS "redrivenAt"`
const FILTER = `($1::uuid[] IS NULL OR id = ANY($1::uuid[])) AND ($2::text IS NULL OR source = $2)
  AND ($3::text IS NULL OR reason = $3)
  AND ($4::timestamptz IS NULL OR (date_trunc('milliseconds', quarantined_at), id) > ($4::timestamptz, $5::uuid))
  ORDER BY date_trunc('milliseconds', quarantined_at), id LIMIT $6`

const filterOf = ({ ids, source, reason, after, limit }: QuarantineFilter): unknown[] => [
  ids ?? null,
  source ?? null,
  reason ?? null,
  after?.quarantinedAt ?? null,
  after?.id ?? null,
  limit,
]

/** Statements on `quarantined_event`: one row per event that has not become anything yet. */
export const quarantine = {
  /** One that comes back stays where it was, with its new reason. */
  async put(tx: EntityManager, events: readonly QuarantinedEvent[], now: Date): Promise<void> {
    await tx.query(
      `INSERT INTO quarantined_event (id, source, message_id, type, reason, record, quarantined_at)
       SELECT id, source, message_id, type, reason, record, $7
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bytea[])
         AS held (id, source, message_id, type, reason, record)
       ORDER BY source, message_id
       ON CONFLICT (source, message_id) DO UPDATE SET reason = excluded.reason, redriven_at = NULL`,
      [
        events.map((event) => event.id),
        events.map((event) => event.source),
        events.map((event) => event.messageId),
        events.map((event) => event.type),
        events.map((event) => event.reason),
        events.map((event) => event.record),
        now,
      ],
    )
  },

  /** They have become something. */
  async release(tx: EntityManager, events: readonly EventName[]): Promise<void> {
    await tx.query(
      `DELETE FROM quarantined_event USING unnest($1::text[], $2::text[]) AS done (source, message_id)
       WHERE quarantined_event.source = done.source AND quarantined_event.message_id = done.message_id`,
      [events.map((event) => event.source), events.map((event) => event.messageId)],
    )
  },

  /** Oldest first. */
  async list(tx: EntityManager, filter: QuarantineFilter): Promise<QuarantineEntry[]> {
    return tx.query<QuarantineEntry[]>(`SELECT ${ENTRY} FROM quarantined_event WHERE ${FILTER}`, filterOf(filter))
  },

  /** As `list`, with the records, of what is not on its way already, or was sent before `lostBefore`. */
  async records(
    tx: EntityManager,
    filter: QuarantineFilter,
    lostBefore: Date,
  ): Promise<(QuarantineEntry & { record: Buffer })[]> {
    return tx.query<(QuarantineEntry & { record: Buffer })[]>(
      `SELECT ${ENTRY}, record FROM quarantined_event
       WHERE (redriven_at IS NULL OR redriven_at < $7) AND reason <> 'UNDECODABLE' AND ${FILTER}`,
      [...filterOf(filter), lostBefore],
    )
  },

  /** Null: they did not go out. */
  async noteRedriven(tx: EntityManager, ids: readonly string[], at: Date | null): Promise<void> {
    await tx.query('UPDATE quarantined_event SET redriven_at = $2 WHERE id = ANY($1::uuid[])', [ids, at])
  },

  async count(tx: EntityManager): Promise<number> {
    const [row] = await tx.query<{ held: number }[]>('SELECT count(*)::int AS held FROM quarantined_event')
    return row?.held ?? 0
  },
}
