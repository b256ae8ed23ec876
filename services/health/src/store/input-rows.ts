// The tables of what came in, for the schema; the stores speak SQL.
import type { TicketPriority, TicketRated, TicketStatus } from '@banso/contracts'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

export type Rating = TicketRated['rating']

/** What of an account is locked, and how fresh its inputs are. Without both times it only holds the lock on its key. */
@Entity('account')
export class AccountRow {
  @PrimaryColumn('uuid')
  account_id!: string

  /** Event time of the newest usage event. */
  @Column({ type: 'timestamptz', nullable: true })
  newest_usage_at!: Date | null

  /** Event time of the newest ticket event. */
  @Column({ type: 'timestamptz', nullable: true })
  newest_ticket_at!: Date | null
}

/** The truth about usage: how often, and the day on which we heard of it. Days are of the installation's time zone. */
@Entity('usage_fact')
@Index('usage_fact_person', ['account_id', 'person_id', 'day'])
@Index('usage_fact_track', ['account_id', 'name', 'day'], { where: `"kind" = 'track'` })
export class UsageFactRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('date')
  day!: string

  @PrimaryColumn('uuid')
  person_id!: string

  @PrimaryColumn('text')
  kind!: string

  @PrimaryColumn('text')
  name!: string

  @PrimaryColumn('date')
  known_on!: string

  @Column('integer')
  count!: number
}

/** Follows from the usage facts: `domain/activity.ts`. Days are numbers, since 1970-01-01. */
@Entity('account_activity')
export class AccountActivityRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column('integer')
  first_day!: number

  @Column('integer')
  start_day!: number

  @Column({ type: 'integer', nullable: true })
  deferred_from!: number | null

  /** A number per day, as text: `int[]` and `json` cost several times as much to read and write. */
  @Column('text')
  persons!: string

  /** Like `persons`. */
  @Column('text')
  breadth!: string

  /** Like `persons`. */
  @Column('text')
  reach!: string

  /** Names that `breadth` counts; null: all. */
  @Column({ type: 'json', nullable: true })
  key_features!: readonly string[] | null

  @Column({ type: 'double precision', nullable: true })
  frequency_level!: number | null

  @Column({ type: 'double precision', nullable: true })
  breadth_level!: number | null

  @Column({ type: 'double precision', nullable: true })
  reach_level!: number | null
}

/** A ticket as of the newest event of it that we know, by event time. */
@Entity('ticket')
@Index('ticket_desk_id', ['source', 'ticket_id'])
@Index('ticket_serious', ['account_id'], {
  where: `"status" NOT IN ('solved', 'closed') AND "priority" IN ('urgent', 'high')`,
})
export class TicketRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('text')
  source!: string

  @PrimaryColumn('text')
  ticket_id!: string

  @Column('text')
  status!: TicketStatus

  @Column({ type: 'text', nullable: true })
  priority!: TicketPriority | null

  @Column('timestamptz')
  opened_at!: Date

  /** Time, receipt and id of the event that says so: what orders events of one ticket. */
  @Column('timestamptz')
  changed_at!: Date

  @Column('timestamptz')
  received_at!: Date

  @Column({ type: 'text', collation: 'C' })
  event_id!: string
}

/** Every event of a ticket: what was known of it on any day follows from these. */
@Entity('ticket_event')
export class TicketEventRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('text')
  source!: string

  @PrimaryColumn('text')
  ticket_id!: string

  @PrimaryColumn({ type: 'text', collation: 'C' })
  event_id!: string

  @Column('timestamptz')
  changed_at!: Date

  @Column('timestamptz')
  received_at!: Date

  @Column('text')
  status!: TicketStatus

  @Column({ type: 'text', nullable: true })
  priority!: TicketPriority | null

  @Column('timestamptz')
  opened_at!: Date

  @Column({ type: 'text', nullable: true })
  rating!: Rating | null
}

/** The latest rating of a ticket. It counts for the account whose ticket it was when it was given. */
@Entity('ticket_rating')
@Index('ticket_rating_days', ['account_id', 'rated_on'])
export class TicketRatingRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('text')
  source!: string

  @PrimaryColumn('text')
  ticket_id!: string

  @Column('text')
  rating!: Rating

  @Column('timestamptz')
  rated_at!: Date

  /** In the installation's time zone. */
  @Column({ type: 'date', default: () => 'now()' })
  rated_on!: string

  @Column('timestamptz')
  received_at!: Date

  @Column({ type: 'text', collation: 'C' })
  event_id!: string
}

/** Our copy of what a profile says. Takes only newer versions of it; a rebuild leaves it. */
@Entity('account_profile')
export class AccountProfileRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column({ type: 'text', nullable: true })
  name!: string | null

  @Column('text')
  segment!: string

  @Column({ type: 'double precision', nullable: true })
  seats!: number | null

  @Column('integer')
  generation!: number

  @Column('bigint')
  sequence!: string
}

/** What profiles said by the end of a day, where it changed: the topic keeps only the newest. */
@Entity('profile_history')
export class ProfileHistoryRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('date')
  known_on!: string

  @Column('text')
  segment!: string

  @Column({ type: 'double precision', nullable: true })
  seats!: number | null
}

/** A kind of input (usage, tickets), connected since the day on which the first event of any account was received. */
@Entity('input_kind')
export class InputKindRow {
  @PrimaryColumn('text')
  kind!: string

  @Column('date')
  since!: string
}

export const inputEntities = [
  AccountRow,
  UsageFactRow,
  AccountActivityRow,
  TicketRow,
  TicketEventRow,
  TicketRatingRow,
  AccountProfileRow,
  ProfileHistoryRow,
  InputKindRow,
]
