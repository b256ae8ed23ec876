// The tables, for the schema; the stores speak SQL.
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { HealthFacts, ObservedFacts, Track, UsageFacts } from '../domain/facts.ts'
import type { ScoreSeries } from '../domain/score-series.ts'
import type { JourneyState, Standing } from '../domain/state.ts'
import type { KnownProfile, KnownScore } from './known.ts'

/** An account on its journey. Without a state it only holds the lock on its key. */
@Entity('account')
@Index('account_board', ['journey', 'stage', 'standing', 'account_id'], { where: '"journey" IS NOT NULL' })
@Index('account_lived_day', ['lived_day'], { where: '"journey" IS NOT NULL' })
export class AccountRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column({ type: 'text', nullable: true })
  journey!: string | null

  @Column({ type: 'integer', nullable: true })
  version!: number | null

  /** The last day that passed for it, since 1970-01-01; null: none has. */
  @Column({ type: 'integer', nullable: true })
  lived_day!: number | null

  @Column({ type: 'text', nullable: true })
  stage!: string | null

  @Column({ type: 'text', nullable: true })
  standing!: Standing | null

  @Column({ type: 'json', nullable: true })
  usage!: UsageFacts | null

  @Column({ type: 'json', nullable: true })
  observed!: ObservedFacts | null

  @Column({ type: 'json', nullable: true })
  health!: HealthFacts | null

  @Column({ type: 'json', nullable: true })
  tracks!: Readonly<Record<string, Track>> | null

  @Column({ type: 'json', nullable: true })
  state!: JourneyState | null
}

/** The first time that a person of an account did something of a name. */
@Entity('first_use')
export class FirstUseRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('text')
  name!: string

  @PrimaryColumn('uuid')
  person_id!: string

  @Column('timestamptz')
  at!: Date

  @Column({ type: 'text', collation: 'C' })
  event_id!: string

  @Column('timestamptz')
  received_at!: Date
}

/** Our copy of the account's profile, and of which record it is. */
@Entity('account_profile')
export class AccountProfileRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column('integer')
  generation!: number

  @Column('bigint')
  sequence!: string

  @Column('json')
  profile!: KnownProfile
}

/** Our copy of the account's newest score, and its scores by day. */
@Entity('account_score')
export class AccountScoreRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @Column('json')
  latest!: KnownScore

  @Column('json')
  series!: ScoreSeries
}

/** A milestone that a person said is reached. */
@Entity('manual_milestone')
export class ManualMilestoneRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('text')
  milestone!: string

  @Column('timestamptz')
  at!: Date

  /** Who said it. */
  @Column('text')
  by!: string

  @Column('text')
  note!: string
}

@Entity('installation')
@Check('installation_once', `"id" = 1`)
export class InstallationRow {
  @PrimaryColumn('integer')
  id!: number

  @Column('text')
  time_zone!: string
}

export const journeysEntities = [
  AccountRow,
  FirstUseRow,
  AccountProfileRow,
  AccountScoreRow,
  ManualMilestoneRow,
  InstallationRow,
]
