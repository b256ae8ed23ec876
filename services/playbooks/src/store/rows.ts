// The service's tables, for the schema; the stores use plain SQL.
import { Check, Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { ActionSpec } from '../domain/action-spec.ts'
import type { Why } from '../domain/run.ts'
import type { RunState } from '../domain/run-state.ts'

/** Holds the lock of an account: who decides about it or acts for it, one at a time. */
@Entity('account')
export class AccountRow {
  @PrimaryColumn('uuid')
  id!: string
}

/** What is kept of a playbook beside its versions, which are blueprints. */
@Entity('playbook')
export class PlaybookRow {
  @PrimaryColumn('text')
  name!: string

  @Column('bytea')
  secret!: Buffer

  /** Signs beside `secret` until its time has come. */
  @Column('bytea', { nullable: true })
  previous_secret!: Buffer | null

  @Column('timestamptz', { nullable: true })
  previous_secret_until!: Date | null

  /** When a document first made it active. */
  @Column('timestamptz', { nullable: true })
  active_since!: Date | null

  /** When its first activation looked for accounts that were already as its trigger says. */
  @Column('timestamptz', { nullable: true })
  enrolled_at!: Date | null
}

/** A run, or one that was held back. */
@Entity('run')
@Check('run_state', `"state" IN ('running', 'done', 'failed', 'goal', 'exited', 'held-back')`)
@Index('run_newest', ['decided_at', 'id'])
@Index('run_of_account', ['account_id', 'decided_at', 'id'])
@Index('run_of_playbook', ['playbook', 'decided_at', 'id'])
@Index('run_under_way', ['playbook', 'dedupe_key'], { where: `"state" = 'running'` })
@Index('run_started', ['playbook', 'dedupe_key', 'occurred_at'], {
  where: `"state" <> 'held-back' OR "reason" = 'observe'`,
})
@Index('run_watching', ['account_id'], { where: `"watching"` })
@Index('run_held', ['id'], { where: `"held"` })
export class RunRow {
  @PrimaryColumn('uuid')
  id!: string

  @Column('text')
  playbook!: string

  @Column('integer')
  version!: number

  @Column('uuid')
  account_id!: string

  @Column('text')
  dedupe_key!: string

  @Column('text')
  state!: string

  /** Why it was held back or failed. */
  @Column('text', { nullable: true })
  reason!: string | null

  /** Event time of the change. */
  @Column('timestamptz')
  occurred_at!: Date

  @Column('timestamptz')
  decided_at!: Date

  @Column('timestamptz', { nullable: true })
  finished_at!: Date | null

  // `json`, not `jsonb`: event ids come from outside and may hold what jsonb refuses (NUL).
  @Column('json')
  why!: Why

  /** Where it stands; null for one that was held back. */
  @Column('json', { nullable: true })
  machine!: RunState | null

  /** It has a goal, or waits for a condition: it is looked at when the account's facts change. */
  @Column('boolean', { default: false })
  watching!: boolean

  /** A pause holds what came for it. */
  @Column('boolean', { default: false })
  held!: boolean
}

/** What a step of a run did, in order of ids. */
@Entity('run_step')
export class RunStepRow {
  @PrimaryColumn('uuid')
  run_id!: string

  @PrimaryColumn('bigint', { generated: 'identity', generatedIdentity: 'ALWAYS' })
  id!: string

  @Column('text')
  step!: string

  @Column('text')
  did!: string

  @Column('timestamptz')
  at!: Date

  @Column('json')
  detail!: object
}

/** An effect of a run. */
@Entity('action')
@Check('action_state', `"state" IN ('requested', 'done', 'failed')`)
@Index('action_failed', ['run_id', 'step'], { where: `"state" = 'failed'` })
export class ActionRow {
  @PrimaryColumn('uuid')
  run_id!: string

  @PrimaryColumn('text')
  step!: string

  @Column('text')
  kind!: string

  @Column('text')
  action_id!: string

  @Column('json')
  spec!: ActionSpec

  @Column('text')
  state!: string

  @Column('text', { nullable: true })
  reason!: string | null

  @Column('integer', { default: 0 })
  attempts!: number

  /** Null when none follows. */
  @Column('timestamptz', { nullable: true })
  next_attempt_at!: Date | null
}

@Entity('attempt')
export class AttemptRow {
  @PrimaryColumn('uuid')
  run_id!: string

  @PrimaryColumn('text')
  step!: string

  @PrimaryColumn('integer')
  number!: number

  @Column('timestamptz')
  made_at!: Date

  /** HTTP status; null when there was no answer. */
  @Column('integer', { nullable: true })
  status!: number | null

  /** Class of the failure; null for a success. */
  @Column('text', { nullable: true })
  fault!: string | null

  /** An attempt before it may have arrived as well, though nobody knows. */
  @Column('boolean', { default: false })
  possible_double!: boolean
}

export const entities = [AccountRow, PlaybookRow, RunRow, RunStepRow, ActionRow, AttemptRow]
