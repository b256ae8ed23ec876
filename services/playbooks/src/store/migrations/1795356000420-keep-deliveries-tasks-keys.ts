import type { MigrationInterface, QueryRunner } from 'typeorm'

const UP = [
  // `json`, not `jsonb`: traits come from outside and may hold what jsonb refuses (NUL).
  `CREATE TABLE delivery (
    run_id uuid NOT NULL,
    step text NOT NULL,
    requested_at timestamptz NOT NULL,
    context json NOT NULL,
    content_version integer,
    attempts_before integer NOT NULL DEFAULT 0,
    unsure_since timestamptz,
    PRIMARY KEY (run_id, step))`,
  `INSERT INTO delivery (run_id, step, requested_at, context)
   SELECT a.run_id, a.step, r.decided_at, '{}' FROM action a JOIN run r ON r.id = a.run_id`,
  `CREATE INDEX delivery_newest ON delivery (requested_at, run_id, step)`,
  `CREATE INDEX action_failed ON action (run_id, step) WHERE state = 'failed'`,
  `ALTER TABLE attempt ADD COLUMN possible_double boolean NOT NULL DEFAULT false`,
  `CREATE TABLE gone_endpoint (
    playbook text NOT NULL,
    url_digest bytea NOT NULL,
    gone_at timestamptz NOT NULL,
    PRIMARY KEY (playbook, url_digest))`,
  `CREATE TABLE task (
    id text COLLATE "C" PRIMARY KEY,
    run_id uuid NOT NULL,
    step text NOT NULL,
    account_id uuid NOT NULL,
    playbook text NOT NULL,
    version integer NOT NULL,
    title text NOT NULL,
    note text,
    owner text NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'open' CONSTRAINT task_state CHECK (state IN ('open', 'done', 'cancelled')),
    created_at timestamptz NOT NULL,
    closed_at timestamptz,
    closed_by text,
    closing_note text)`,
  `CREATE INDEX task_due ON task (due_at, id)`,
  `CREATE INDEX task_of_account ON task (account_id, due_at, id)`,
  `CREATE TABLE person_key (subject uuid PRIMARY KEY, wrapped_key bytea NOT NULL)`,
]

const DOWN = [
  `DROP TABLE person_key`,
  `DROP TABLE task`,
  `DROP TABLE gone_endpoint`,
  `ALTER TABLE attempt DROP COLUMN possible_double`,
  `DROP INDEX action_failed`,
  `DROP TABLE delivery`,
]

export class KeepDeliveriesTasksKeys1795356000420 implements MigrationInterface {
  readonly name = 'KeepDeliveriesTasksKeys1795356000420'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement)
  }
}
