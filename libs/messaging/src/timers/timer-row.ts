import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

@Entity('timer')
@Index('timer_kind_next_at', ['kind', 'nextAt'])
export class TimerRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'timer_pkey' })
  id!: string

  /** Account id; empty: none. */
  @Column({ type: 'text' })
  key!: string

  /** When it was asked to fire, by the Clock. */
  @Column({ name: 'due_at', type: 'timestamptz' })
  dueAt!: Date

  /** When it is tried: `due_at`, or later after a failure. */
  @Column({ name: 'next_at', type: 'timestamptz' })
  nextAt!: Date

  @Column({ type: 'text' })
  kind!: string

  @Column({ type: 'jsonb' })
  payload!: unknown

  /** By the database's time. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null

  /** Names the claim under way; another token means another claim or another timer. */
  @Column({ type: 'uuid', nullable: true })
  token!: string | null

  /** W3C trace context of what set it; null: it is of no trace. */
  @Column({ type: 'text', nullable: true })
  traceparent!: string | null

  /** Claims since it was set. */
  @Column({ type: 'integer', default: 0 })
  attempts!: number

  /** Failures since it was set or last rescheduled by its handler. */
  @Column({ type: 'integer', default: 0 })
  failures!: number
}

export const timerEntities = [TimerRow]
