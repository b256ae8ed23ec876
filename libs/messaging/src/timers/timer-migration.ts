import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Timer1795305600002 implements MigrationInterface {
  readonly name = 'Timer1795305600002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE timer (
        id text NOT NULL,
        key text NOT NULL,
        due_at timestamptz NOT NULL,
        next_at timestamptz NOT NULL,
        kind text NOT NULL,
        payload jsonb NOT NULL,
        lease_until timestamptz,
        token uuid,
        attempts integer NOT NULL DEFAULT 0,
        failures integer NOT NULL DEFAULT 0,
        CONSTRAINT timer_pkey PRIMARY KEY (id)
      )`)
    await runner.query('CREATE INDEX timer_kind_next_at ON timer (kind, next_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE timer')
  }
}

/** The code before it neither reads nor writes the column. */
export class TimerTrace1795478400000 implements MigrationInterface {
  readonly name = 'TimerTrace1795478400000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE timer ADD COLUMN traceparent text')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE timer DROP COLUMN traceparent')
  }
}

export const timerMigrations = [Timer1795305600002, TimerTrace1795478400000]
