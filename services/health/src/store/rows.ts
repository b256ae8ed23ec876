// The tables, for the schema; the stores speak SQL.
import type { AccountScored, Band, TicketPriority, TicketStatus } from '@banso/contracts'
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { StandingJson } from './standing-json.ts'

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

  @Column({ type: 'double precision', nullable: true })
  frequency_level!: number | null

  @Column({ type: 'double precision', nullable: true })
  breadth_level!: number | null
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

/** The present score as it was published, and where the account stands. Not derived: bands and moves have a past. */
@Entity('account_score')
@Index('account_score_scored_day', ['scored_day'])
export class AccountScoreRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column('date')
  scored_day!: string

  @Column('json')
  scored!: AccountScored

  @Column('json')
  standing!: StandingJson
}

/** The last score of each day. */
@Entity('score_history')
export class ScoreHistoryRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('date')
  day!: string

  @Column({ type: 'double precision', nullable: true })
  score!: number | null

  @Column({ type: 'text', nullable: true })
  band!: Band | null

  @Column({ type: 'double precision', nullable: true })
  outcome!: number | null

  @Column({ type: 'double precision', nullable: true })
  experience!: number | null

  @Column('double precision')
  coverage!: number

  @Column('boolean')
  partial!: boolean

  @Column('text')
  scorecard!: string

  @Column('integer')
  scorecard_version!: number
}

/** Versions stay as they are. */
@Entity('scorecard')
export class ScorecardRow {
  @PrimaryColumn('text')
  name!: string

  @PrimaryColumn('integer')
  version!: number

  @Column('jsonb')
  document!: unknown
}

/** What was fixed at the first start. One row. */
@Entity('installation')
@Check('installation_once', '"id" = 1')
export class InstallationRow {
  @PrimaryColumn('integer')
  id!: number

  @Column('text')
  time_zone!: string
}

export const healthEntities = [
  AccountRow,
  UsageFactRow,
  AccountActivityRow,
  TicketRow,
  AccountScoreRow,
  ScoreHistoryRow,
  ScorecardRow,
  InstallationRow,
]
