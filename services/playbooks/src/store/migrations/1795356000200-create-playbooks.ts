import type { MigrationInterface, QueryRunner } from 'typeorm'

const UP = [
  `CREATE TABLE account (id uuid PRIMARY KEY)`,
  `CREATE TABLE playbook (
    name text PRIMARY KEY,
    latest_version integer NOT NULL,
    secret bytea NOT NULL,
    previous_secret bytea,
    previous_secret_until timestamptz,
    gone_url text,
    gone_at timestamptz)`,
  `CREATE TABLE playbook_version (
    name text NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (name, version))`,
  `CREATE TABLE run (
    id uuid PRIMARY KEY,
    playbook text NOT NULL,
    version integer NOT NULL,
    account_id uuid NOT NULL,
    dedupe_key text NOT NULL,
    state text NOT NULL CONSTRAINT run_state CHECK ("state" IN ('running', 'done', 'failed', 'held-back')),
    reason text,
    occurred_at timestamptz NOT NULL,
    decided_at timestamptz NOT NULL,
    finished_at timestamptz,
    why json NOT NULL)`,
  `CREATE INDEX run_newest ON run (decided_at, id)`,
  `CREATE INDEX run_of_account ON run (account_id, decided_at, id)`,
  `CREATE INDEX run_of_playbook ON run (playbook, decided_at, id)`,
  `CREATE INDEX run_under_way ON run (playbook, dedupe_key) WHERE "state" = 'running'`,
  `CREATE INDEX run_started ON run (playbook, dedupe_key, occurred_at) WHERE "state" <> 'held-back'`,
  `CREATE TABLE action (
    run_id uuid NOT NULL,
    step text NOT NULL,
    kind text NOT NULL,
    webhook_id text NOT NULL,
    state text NOT NULL CONSTRAINT action_state CHECK ("state" IN ('requested', 'done', 'failed')),
    reason text,
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz,
    PRIMARY KEY (run_id, step))`,
  `CREATE TABLE attempt (
    run_id uuid NOT NULL,
    step text NOT NULL,
    number integer NOT NULL,
    made_at timestamptz NOT NULL,
    status integer,
    fault text,
    PRIMARY KEY (run_id, step, number))`,
]

const TABLES = ['attempt', 'action', 'run', 'playbook_version', 'playbook', 'account']

export class CreatePlaybooks1795356000200 implements MigrationInterface {
  readonly name = 'CreatePlaybooks1795356000200'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`)
  }
}
