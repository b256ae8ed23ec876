import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Outbox1795305600001 implements MigrationInterface {
  readonly name = 'Outbox1795305600001'

  async up(runner: QueryRunner): Promise<void> {
    // Rows live for milliseconds: without an early vacuum the head of the index fills with dead entries.
    await runner.query(`
      CREATE TABLE outbox (
        id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1) NOT NULL,
        event_id uuid NOT NULL,
        writer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        key text NOT NULL,
        value bytea NOT NULL,
        headers jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        CONSTRAINT outbox_pkey PRIMARY KEY (id),
        CONSTRAINT outbox_event_id UNIQUE (event_id)
      ) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000)`)
    await runner.query(`
      CREATE TABLE outbox_relay (
        service text NOT NULL,
        generation integer NOT NULL DEFAULT 1,
        holder uuid,
        lease_until timestamptz,
        unverified_from bigint,
        CONSTRAINT outbox_relay_pkey PRIMARY KEY (service)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE outbox_relay')
    await runner.query('DROP TABLE outbox')
  }
}

export const outboxMigrations = [Outbox1795305600001]
