// The tables of the consumer runner, for the schema; the stores use plain SQL.
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'

@Entity('consumer_group')
@Check('consumer_group_state', `"state" IN ('running', 'stopped', 'rebuilding', 'republishing')`)
export class ConsumerGroupRow {
  @PrimaryColumn('text')
  name!: string

  /** Raised by a rebuild and by a resume: chunks fetched before are refused. */
  @Column('integer', { default: 1 })
  epoch!: number

  /** Part of the log's id; raised by a resume. */
  @Column('integer', { name: 'log_counter', default: 0 })
  logCounter!: number

  @Column('text', { default: 'running' })
  state!: string

  /** Why it is stopped. */
  @Column('text', { nullable: true })
  reason!: string | null

  /** How far the present state is republished after a rebuild: the last key done. */
  @Column('text', { name: 'republished_key', nullable: true })
  republishedKey!: string | null

  @Column('timestamptz', { name: 'changed_at' })
  changedAt!: Date

  /** When it was resumed on a log that lacks some of what its state was made from; null: a rebuild loses nothing. */
  @Column('timestamptz', { name: 'history_lost_at', nullable: true })
  historyLostAt!: Date | null
}

@Entity('consumer_progress')
export class ConsumerProgressRow {
  @PrimaryColumn('text', { name: 'group_name' })
  group!: string

  @PrimaryColumn('text')
  topic!: string

  @PrimaryColumn('integer')
  partition!: number

  @Column('bigint', { name: 'next_offset' })
  nextOffset!: string

  /** ce_id of the record before next_offset; null at a position that nothing is known before. */
  @Column('text', { name: 'last_ce_id', nullable: true })
  lastCeId!: string | null

  @Column('text', { name: 'log_id' })
  logId!: string

  @Column('integer')
  epoch!: number

  /** Position before a rebuild; null when none is under way. */
  @Column('bigint', { name: 'rebuild_mark', nullable: true })
  rebuildMark!: string | null

  /** Highest sequence seen, per writer. */
  @Column('jsonb', { default: {} })
  fences!: Record<string, number>

  /** Whether any of its keys is parked. */
  @Column('boolean', { default: false })
  parked!: boolean
}

@Entity('parked_key')
@Index('parked_key_due', ['group', 'nextAttemptAt'])
export class ParkedKeyRow {
  @PrimaryColumn('text', { name: 'group_name' })
  group!: string

  @PrimaryColumn('text')
  topic!: string

  @PrimaryColumn('integer')
  partition!: number

  @PrimaryColumn('text')
  key!: string

  /** Failures of the first message of the list. */
  @Column('integer')
  attempts!: number

  @Column('timestamptz', { name: 'next_attempt_at' })
  nextAttemptAt!: Date
}

@Entity('parked_message')
@Check('parked_message_state', `"state" IN ('parked', 'dead')`)
@Index('parked_message_record', ['group', 'topic', 'partition', 'logId', 'offset'], { unique: true })
@Index('parked_message_event', ['group', 'eventId'], { where: `"state" = 'dead'` })
@Index('parked_message_list', ['group', 'topic', 'partition', 'key', 'id'], { where: `"state" = 'parked'` })
@Index('parked_message_dead', ['group', 'id'], { where: `"state" = 'dead'` })
export class ParkedMessageRow {
  /** Also the place in the list of its key; a replay gives a new one. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string

  @Column('text', { name: 'group_name' })
  group!: string

  @Column('text')
  topic!: string

  @Column('integer')
  partition!: number

  @Column('bigint', { name: 'record_offset' })
  offset!: string

  /** The log that the offset is of. */
  @Column('text', { name: 'log_id' })
  logId!: string

  /** ce_id, where the record has one. */
  @Column('text', { name: 'event_id', nullable: true })
  eventId!: string | null

  @Column('text')
  key!: string

  @Column('bytea')
  value!: Buffer

  @Column('jsonb')
  headers!: Record<string, string>

  @Column('timestamptz', { name: 'appended_at' })
  appendedAt!: Date

  @Column('text')
  state!: string

  /** Of a rebuild's part that writes nothing to the outbox. */
  @Column('boolean', { default: false })
  muted!: boolean

  /** Null while it only waits behind another message of its key. */
  @Column('text', { nullable: true })
  reason!: string | null

  @Column('text', { name: 'error_class', nullable: true })
  errorClass!: string | null

  /** At most 1 KiB, nothing personal. */
  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null

  @Column('integer', { default: 0 })
  attempts!: number

  @Column('timestamptz', { name: 'first_failed_at', nullable: true })
  firstFailedAt!: Date | null

  @Column('timestamptz', { name: 'died_at', nullable: true })
  diedAt!: Date | null

  @Column('text', { name: 'service_version' })
  serviceVersion!: string
}

/** Who asked what to be tried again, for the audit. */
@Entity('dead_replay')
@Index('dead_replay_at', ['group', 'replayedAt'])
export class DeadReplayRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' })
  id!: string

  @Column('text', { name: 'group_name' })
  group!: string

  @Column('text')
  topic!: string

  @Column('integer')
  partition!: number

  @Column('bigint', { name: 'record_offset' })
  offset!: string

  @Column('text')
  reason!: string

  @Column('integer')
  attempts!: number

  @Column('timestamptz', { name: 'replayed_at' })
  replayedAt!: Date
}

/** The newest version of each key that the owner of a compacted topic has read of it. */
@Entity('compacted_version')
export class CompactedVersionRow {
  @PrimaryColumn('text')
  topic!: string

  @PrimaryColumn('text')
  key!: string

  @Column('integer')
  generation!: number

  @Column('bigint')
  sequence!: string
}

export const runnerEntities = [
  ConsumerGroupRow,
  ConsumerProgressRow,
  ParkedKeyRow,
  ParkedMessageRow,
  DeadReplayRow,
  CompactedVersionRow,
]
