import { storable } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { LogRecord, TopicPartition } from '../../log/event-log.ts'
import { bounded, type Failure } from '../faults.ts'
import { ConsumerProgress } from '../progress/consumer-progress.ts'
import { retryAt } from './parked-messages.ts'

/** A key that is parked in a partition. */
export interface ParkedKey extends TopicPartition {
  readonly key: string
}

export interface ParkedMessage {
  readonly id: string
  readonly record: LogRecord
  readonly muted: boolean
}

interface MessageRow {
  id: string
  record_offset: string
  value: Buffer
  headers: Record<string, string>
  appended_at: Date
  muted: boolean
}

const KEY = 'group_name = $1 AND topic = $2 AND partition = $3 AND key = $4'

/** The parked messages of a group's keys. All but `due` want the progress row locked. */
export class ParkedList {
  constructor(private readonly group: string) {}

  /** Keys whose next attempt is due in these partitions, longest due first. */
  async due(tx: EntityManager, now: Date, among: readonly TopicPartition[], limit: number): Promise<ParkedKey[]> {
    if (among.length === 0) return []
    return tx.query<ParkedKey[]>(
      `SELECT topic, partition, key FROM parked_key
       WHERE group_name = $1 AND next_attempt_at <= $2
         AND (topic, partition) IN (SELECT * FROM unnest($3::text[], $4::int[]))
       ORDER BY next_attempt_at LIMIT $5`,
      [this.group, now, among.map(({ topic }) => topic), among.map(({ partition }) => partition), limit],
    )
  }

  /** How often the first message of the list has failed; undefined when the key is not parked (any more). */
  async attempts(tx: EntityManager, key: ParkedKey): Promise<number | undefined> {
    const rows = await tx.query<{ attempts: number }[]>(`SELECT attempts FROM parked_key WHERE ${KEY}`, this.#of(key))
    return rows[0]?.attempts
  }

  /** The first messages of the list. */
  async first(tx: EntityManager, key: ParkedKey, limit: number): Promise<ParkedMessage[]> {
    const rows = await tx.query<MessageRow[]>(
      `SELECT id, record_offset, value, headers, appended_at, muted FROM parked_message
       WHERE ${KEY} AND state = 'parked' ORDER BY id LIMIT ${limit}`,
      this.#of(key),
    )
    return rows.map((row) => ({ id: row.id, muted: row.muted, record: recordOf(key, row) }))
  }

  async done(tx: EntityManager, messages: readonly ParkedMessage[]): Promise<void> {
    if (messages.length === 0) return
    await tx.query('DELETE FROM parked_message WHERE id = ANY($1::bigint[])', [messages.map(({ id }) => id)])
  }

  /** Gives a message up, for good. */
  async dead(tx: EntityManager, { id }: ParkedMessage, failure: Failure, now: Date): Promise<void> {
    await tx.query(
      `UPDATE parked_message SET state = 'dead', died_at = $2::timestamptz, reason = $3, error_class = $4,
         error_message = $5, attempts = attempts + 1, first_failed_at = coalesce(first_failed_at, $2::timestamptz)
       WHERE id = $1`,
      [id, now, ...textsOf(failure)],
    )
  }

  /** The first message failed again: the key waits for its next attempt. */
  async failed(tx: EntityManager, key: ParkedKey, first: ParkedMessage, failed: Failed): Promise<void> {
    await tx.query(
      `UPDATE parked_message SET reason = $2, error_class = $3, error_message = $4, attempts = attempts + 1,
         first_failed_at = coalesce(first_failed_at, $5::timestamptz)
       WHERE id = $1`,
      [first.id, ...textsOf(failed.failure), failed.now],
    )
    await tx.query(`UPDATE parked_key SET attempts = $5, next_attempt_at = $6 WHERE ${KEY}`, [
      ...this.#of(key),
      failed.attempts,
      retryAt(failed.now, failed.attempts),
    ])
  }

  /** Frees the key when nothing is left of its list; else its next message is due now. */
  async freeOrGoOn(tx: EntityManager, key: ParkedKey, now: Date): Promise<void> {
    await tx.query(
      `DELETE FROM parked_key WHERE ${KEY} AND NOT EXISTS (
         SELECT FROM parked_message WHERE ${KEY} AND state = 'parked')`,
      this.#of(key),
    )
    await tx.query(`UPDATE parked_key SET attempts = 0, next_attempt_at = $5 WHERE ${KEY}`, [...this.#of(key), now])
    await new ConsumerProgress(this.group).noteParked(tx, key)
  }

  #of({ topic, partition, key }: ParkedKey): unknown[] {
    return [this.group, topic, partition, storable(key)]
  }
}

export interface Failed {
  readonly failure: Failure
  readonly attempts: number
  readonly now: Date
}

const textsOf = ({ reason, errorClass, message }: Failure): unknown[] => [bounded(reason), errorClass, message]

const recordOf = ({ topic, partition, key }: ParkedKey, row: MessageRow): LogRecord => ({
  topic,
  partition,
  key,
  offset: Number(row.record_offset),
  value: row.value,
  headers: row.headers,
  appendedAt: row.appended_at,
})
