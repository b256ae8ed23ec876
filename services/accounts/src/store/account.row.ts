import type { Sealed } from '@banso/contracts'
import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { ExternalId } from '../domain/profile.ts'
import type { Stamped } from '../domain/stamped.ts'

export type StampedTraits = Record<string, Stamped<unknown>>

// `json`, not `jsonb`: traits may hold what jsonb refuses (NUL, half characters), and nothing is looked up in them.

/** An account. A row without observation times only holds the lock on its key. */
@Entity('account')
@Index('account_name_prefix', { synchronize: false }) // on lower(name), which an entity cannot say
export class AccountRow {
  @PrimaryColumn('uuid')
  account_id!: string

  /** Equals the value in `external`, for look-ups. */
  @Index('account_external_id')
  @Column({ type: 'text', nullable: true })
  external_id!: string | null

  /** Follows from the traits, for look-ups. */
  @Column({ type: 'text', nullable: true })
  name!: string | null

  @Column({ type: 'json', nullable: true })
  external!: Stamped<ExternalId> | null

  @Column({ type: 'json', default: {} })
  traits!: StampedTraits

  @Column({ type: 'json', nullable: true })
  sealed!: Stamped<Sealed> | null

  @Column({ type: 'timestamptz', nullable: true })
  first_observed_at!: Date | null

  @Column({ type: 'timestamptz', nullable: true })
  last_observed_at!: Date | null

  /** How many rows of `person` are of this account. */
  @Column({ type: 'integer', default: 0 })
  people!: number
}

@Entity('person')
export class PersonRow {
  @PrimaryColumn('uuid')
  account_id!: string

  @PrimaryColumn('uuid')
  person_id!: string

  @Column({ type: 'json', default: {} })
  traits!: StampedTraits

  @Column({ type: 'json', nullable: true })
  sealed!: Stamped<Sealed> | null

  @Column({ type: 'timestamptz' })
  last_observed_at!: Date
}
