// The tables of scores and of what they are made by, for the schema. A rebuild leaves all of them.
import type { AccountScored, Band } from '@banso/contracts'
import { Check, Column, Entity, Index, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm'
import type { Points } from '../domain/split.ts'
import type { StandingJson } from './standing-json.ts'

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

  /** Of the published score, for lists. */
  @Column({ type: 'double precision', nullable: true })
  score!: number | null

  @Column({ type: 'text', nullable: true })
  band!: Band | null

  @Column({ type: 'double precision', nullable: true })
  coverage!: number | null

  /** What it was scored by; what differs from what is in use is scored again. */
  @Column({ type: 'text', nullable: true })
  scorecard!: string | null

  @Column({ type: 'integer', nullable: true })
  scorecard_version!: number | null

  /** The day of the peer table. */
  @Column({ type: 'date', nullable: true })
  peers_on!: string | null
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

  @Column('boolean')
  overridden!: boolean

  @Column('text')
  scorecard!: string

  @Column('integer')
  scorecard_version!: number

  /** The day of the peer table. */
  @Column({ type: 'date', nullable: true })
  peers_on!: string | null

  /** What each cause moved the score by since the first one. */
  @Column({ type: 'json', nullable: true })
  points!: Points | null
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

/** Which scorecard is in use from when on; the last one counts. */
@Entity('scorecard_use')
export class ScorecardUseRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'ALWAYS' })
  ordinal!: number

  @Column('text')
  name!: string

  @Column('integer')
  version!: number

  @Column('timestamptz')
  used_from!: Date
}

/** How all accounts compare, frozen for a day. */
@Entity('peer_table')
export class PeerTableRow {
  @PrimaryColumn('date')
  day!: string

  @Column('timestamptz')
  frozen_at!: Date

  @Column('json')
  document!: unknown
}

/** Scores that people set; at most one of an account has not ended. */
@Entity('score_override')
@Index('score_override_account', ['account_id', 'ordinal'])
@Index('score_override_active', ['account_id'], { unique: true, where: '"ended_at" IS NULL' })
export class ScoreOverrideRow {
  @PrimaryGeneratedColumn('identity', { type: 'integer', generatedIdentity: 'ALWAYS' })
  ordinal!: number

  @Column('uuid')
  account_id!: string

  @Column('double precision')
  score!: number

  @Column('text')
  reason!: string

  @Column('text')
  owner!: string

  @Column({ type: 'text', nullable: true })
  note!: string | null

  @Column('timestamptz')
  set_at!: Date

  @Column('timestamptz')
  until!: Date

  @Column({ type: 'timestamptz', nullable: true })
  ended_at!: Date | null

  @Column({ type: 'text', nullable: true })
  ended_by!: 'expired' | 'lifted' | 'replaced' | null
}

export const scoreEntities = [
  AccountScoreRow,
  ScoreHistoryRow,
  ScorecardUseRow,
  PeerTableRow,
  ScoreOverrideRow,
  InstallationRow,
]
