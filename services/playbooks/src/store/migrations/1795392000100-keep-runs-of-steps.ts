import type { MigrationInterface, QueryRunner } from 'typeorm'

// After the tables of blueprints: playbooks move into them.
const UP = [
  `INSERT INTO blueprint (kind, name, latest_version)
   SELECT 'Playbook', name, latest_version FROM playbook WHERE latest_version > 0`,
  `INSERT INTO blueprint_version (kind, name, version, document, applied_at)
   SELECT 'Playbook', name, version, json_build_object('spec', document), stored_at FROM playbook_version`,
  `ALTER TABLE playbook ADD COLUMN active_since timestamptz, ADD COLUMN enrolled_at timestamptz`,
  `UPDATE playbook p SET active_since = (SELECT min(stored_at) FROM playbook_version v WHERE v.name = p.name)`,
  `ALTER TABLE action RENAME COLUMN webhook_id TO action_id`,
  `ALTER TABLE action ADD COLUMN spec json`,
  `UPDATE action a SET spec = v.document->'action'
   FROM run r JOIN playbook_version v ON v.name = r.playbook AND v.version = r.version WHERE r.id = a.run_id`,
  `ALTER TABLE action ALTER COLUMN spec SET NOT NULL`,
  `DROP TABLE playbook_version`,
  `ALTER TABLE playbook DROP COLUMN latest_version, DROP COLUMN gone_url, DROP COLUMN gone_at`,
  `ALTER TABLE run ADD COLUMN machine json, ADD COLUMN watching boolean NOT NULL DEFAULT false,
     ADD COLUMN held boolean NOT NULL DEFAULT false`,
  `UPDATE run SET machine =
     '{"status":"running","step":"action","waiting":{"for":"action"},"goals":[],"held":[]}' WHERE state = 'running'`,
  `ALTER TABLE run DROP CONSTRAINT run_state`,
  `ALTER TABLE run ADD CONSTRAINT run_state
     CHECK ("state" IN ('running', 'done', 'failed', 'goal', 'exited', 'held-back'))`,
  `DROP INDEX run_started`,
  `CREATE INDEX run_started ON run (playbook, dedupe_key, occurred_at)
     WHERE "state" <> 'held-back' OR "reason" = 'observe'`,
  `CREATE INDEX run_watching ON run (account_id) WHERE "watching"`,
  `CREATE INDEX run_held ON run (id) WHERE "held"`,
  `CREATE TABLE run_step (
    run_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    step text NOT NULL,
    did text NOT NULL,
    at timestamptz NOT NULL,
    detail json NOT NULL,
    PRIMARY KEY (run_id, id))`,
]

const DOWN = [
  `DROP TABLE run_step`,
  `DROP INDEX run_held`,
  `DROP INDEX run_watching`,
  `DROP INDEX run_started`,
  `CREATE INDEX run_started ON run (playbook, dedupe_key, occurred_at) WHERE "state" <> 'held-back'`,
  `ALTER TABLE run DROP CONSTRAINT run_state`,
  `UPDATE run SET state = 'done' WHERE state IN ('goal', 'exited')`,
  `ALTER TABLE run ADD CONSTRAINT run_state CHECK ("state" IN ('running', 'done', 'failed', 'held-back'))`,
  `ALTER TABLE run DROP COLUMN held, DROP COLUMN watching, DROP COLUMN machine`,
  `ALTER TABLE playbook ADD COLUMN latest_version integer NOT NULL DEFAULT 0, ADD COLUMN gone_url text,
     ADD COLUMN gone_at timestamptz`,
  `UPDATE playbook p SET latest_version = b.latest_version FROM blueprint b WHERE b.kind = 'Playbook' AND b.name = p.name`,
  `CREATE TABLE playbook_version (
    name text NOT NULL,
    version integer NOT NULL,
    document jsonb NOT NULL,
    stored_at timestamptz NOT NULL,
    PRIMARY KEY (name, version))`,
  `INSERT INTO playbook_version (name, version, document, stored_at)
   SELECT name, version, (document->'spec')::jsonb, applied_at FROM blueprint_version WHERE kind = 'Playbook'`,
  `ALTER TABLE action DROP COLUMN spec`,
  `ALTER TABLE action RENAME COLUMN action_id TO webhook_id`,
  `ALTER TABLE playbook DROP COLUMN enrolled_at, DROP COLUMN active_since`,
]

export class KeepRunsOfSteps1795392000100 implements MigrationInterface {
  readonly name = 'KeepRunsOfSteps1795392000100'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of DOWN) await runner.query(statement)
  }
}
