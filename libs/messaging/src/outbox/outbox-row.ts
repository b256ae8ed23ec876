import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm'

/** A record that waits to be appended. Its target partition is the shard. */
@Entity('outbox')
@Unique('outbox_event_id', ['eventId'])
export class OutboxRow {
  /** Rises in commit order within a partition; travels as `ce_sequence`. */
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'ALWAYS',
    primaryKeyConstraintName: 'outbox_pkey',
  })
  id!: string

  @Column({ name: 'event_id', type: 'uuid' })
  eventId!: string

  /** `outbox/<service>/<generation>` */
  @Column({ type: 'text' })
  writer!: string

  @Column({ type: 'text' })
  topic!: string

  @Column({ type: 'integer' })
  partition!: number

  @Column({ type: 'text' })
  key!: string

  @Column({ type: 'bytea' })
  value!: Buffer

  /** Without `ce_writer` and `ce_sequence`, which the relay adds. */
  @Column({ type: 'jsonb' })
  headers!: Record<string, string>

  @Column({ name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' })
  createdAt!: Date
}

/** Who relays a service's outbox now, and under which generation its rows are written. */
@Entity('outbox_relay')
export class OutboxRelayRow {
  @PrimaryColumn({ type: 'text', primaryKeyConstraintName: 'outbox_relay_pkey' })
  service!: string

  @Column({ type: 'integer', default: 1 })
  generation!: number

  @Column({ type: 'uuid', nullable: true })
  holder!: string | null

  /** By the database's time. */
  @Column({ name: 'lease_until', type: 'timestamptz', nullable: true })
  leaseUntil!: Date | null

  /** Last id given out when the present holder came; null once the log is known to hold no later one. */
  @Column({ name: 'unverified_from', type: 'bigint', nullable: true })
  unverifiedFrom!: string | null
}

export const outboxEntities = [OutboxRow, OutboxRelayRow]
