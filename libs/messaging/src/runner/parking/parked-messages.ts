import { HEADER } from '@banso/contracts'
import { storable } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { LogRecord, TopicPartition } from '../../log/event-log.ts'
import type { Failure } from '../faults.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'

/** A record to put aside. `failure` is null for one that only waits behind another of its key. */
export interface Aside {
  readonly record: LogRecord
  readonly state: 'parked' | 'dead'
  readonly failure: Failure | null
  /** Of the part of a rebuild that publishes nothing. */
  readonly muted: boolean
}

export interface AsideContext extends TopicPartition {
  readonly group: string
  readonly logId: string
  readonly now: Date
  readonly version: string
}

/** Pause before the first and the longest before any later attempt, in milliseconds. */
const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000

/** A message that failed so often is dead. */
export const MAX_ATTEMPTS = 20

/** When a key is tried again that has failed `attempts` times. */
export const retryAt = (now: Date, attempts: number): Date =>
  new Date(now.getTime() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (attempts - 1)))

const INSERT = `
  INSERT INTO parked_message (group_name, topic, partition, log_id, service_version,
    record_offset, event_id, key, value, headers, appended_at, state, muted, reason, error_class, error_message,
    attempts, first_failed_at, died_at)
  SELECT $1, $2, $3, $4, $5, m.record_offset, m.event_id, m.key, m.value, m.headers, m.appended_at, m.state, m.muted,
    m.reason, m.error_class, m.error_message,
    CASE WHEN m.reason IS NULL THEN 0 ELSE 1 END,
    CASE WHEN m.reason IS NOT NULL THEN $6::timestamptz END,
    CASE WHEN m.state = 'dead' THEN $6::timestamptz END
  FROM unnest($7::bigint[], $8::text[], $9::text[], $10::bytea[], $11::jsonb[], $12::timestamptz[], $13::text[],
    $14::boolean[], $15::text[], $16::text[], $17::text[]) WITH ORDINALITY AS m(record_offset, event_id, key, value,
    headers, appended_at, state, muted, reason, error_class, error_message, n)
  ORDER BY m.n`

/**
 * Puts records aside, in order, and parks the keys of those that are `parked`. The progress row must be locked. A record
 * that is dead already stays as it is.
 */
export const putAside = async (tx: EntityManager, at: AsideContext, messages: readonly Aside[]): Promise<void> => {
  const parked = messages.filter(({ state }) => state === 'parked')
  const dead = messages.filter(({ state }) => state === 'dead')
  if (parked.length > 0) {
    await tx.query(
      `INSERT INTO parked_key (group_name, topic, partition, key, attempts, next_attempt_at)
       SELECT DISTINCT $1, $2, $3::int, key, 1, $5::timestamptz FROM unnest($4::text[]) AS key
       ON CONFLICT DO NOTHING`,
      [at.group, at.topic, at.partition, parked.map(({ record }) => storable(record.key)), retryAt(at.now, 1)],
    )
    await tx.query(INSERT, parametersOf(at, parked))
    await new ConsumerProgress(at.group).noteParked(tx, at)
  }
  if (dead.length > 0) await tx.query(`${INSERT} ON CONFLICT DO NOTHING`, parametersOf(at, dead))
}

const parametersOf = (at: AsideContext, messages: readonly Aside[]): unknown[] => [
  at.group,
  at.topic,
  at.partition,
  at.logId,
  at.version,
  at.now,
  messages.map(({ record }) => record.offset),
  messages.map(({ record }) => eventIdOf(record)),
  messages.map(({ record }) => storable(record.key)),
  messages.map(({ record }) => record.value),
  messages.map(({ record }) => JSON.stringify(storableHeaders(record))),
  messages.map(({ record }) => record.appendedAt),
  messages.map(({ state }) => state),
  messages.map(({ muted }) => muted),
  messages.map(({ failure }) => failure?.reason ?? null),
  messages.map(({ failure }) => failure?.errorClass ?? null),
  messages.map(({ failure }) => failure?.message ?? null),
]

/** ce_id as it is stored. */
export const eventIdOf = (record: Pick<LogRecord, 'headers'>): string | null => {
  const id = record.headers[HEADER.id]
  return id === undefined ? null : storable(id)
}

const storableHeaders = (record: LogRecord): Record<string, string> =>
  Object.fromEntries(Object.entries(record.headers).map(([name, value]) => [storable(name), storable(value)]))
