import type { MigrationInterface, QueryRunner } from 'typeorm'

const UP = [
  // Values as `json`, not `jsonb`: traits come from outside and may hold what jsonb refuses (NUL).
  `CREATE TABLE account_facts (
    account_id uuid PRIMARY KEY,
    profile json,
    profile_generation integer,
    profile_sequence bigint,
    score json,
    score_generation integer,
    score_sequence bigint,
    change json,
    change_generation integer,
    change_sequence bigint)`,
  `CREATE TABLE account_journey (
    account_id uuid NOT NULL,
    journey text NOT NULL,
    known json NOT NULL,
    PRIMARY KEY (account_id, journey))`,
  `CREATE TABLE account_ticket (
    account_id uuid NOT NULL,
    source text NOT NULL,
    ticket_id text NOT NULL,
    status text NOT NULL,
    priority text,
    opened_at timestamptz NOT NULL,
    changed_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    event_id text COLLATE "C" NOT NULL,
    PRIMARY KEY (account_id, source, ticket_id))`,
  `CREATE INDEX account_ticket_open ON account_ticket (account_id) WHERE status NOT IN ('solved', 'closed')`,
  // The empty name stands for all playbooks.
  `CREATE TABLE playbook_control (
    playbook text PRIMARY KEY,
    paused boolean NOT NULL DEFAULT false,
    mode text CONSTRAINT playbook_control_mode CHECK (mode IN ('observe', 'active')),
    activated_at timestamptz)`,
  `CREATE TABLE playbook_command (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    playbook text NOT NULL,
    command text NOT NULL CONSTRAINT playbook_command_known
      CHECK (command IN ('pause', 'resume', 'activate', 'observe')),
    given_by text,
    reason text,
    given_at timestamptz NOT NULL)`,
  `CREATE INDEX playbook_command_newest ON playbook_command (playbook, id)`,
  `CREATE TABLE action_cap (
    playbook text NOT NULL,
    step text NOT NULL,
    day date NOT NULL,
    used integer NOT NULL DEFAULT 0,
    PRIMARY KEY (playbook, step, day))`,
  `CREATE TABLE playbook_schedule (
    playbook text PRIMARY KEY,
    timing json NOT NULL,
    due_at timestamptz,
    gone_over text NOT NULL DEFAULT '',
    finished boolean NOT NULL DEFAULT false)`,
]

const TABLES = [
  'playbook_schedule',
  'action_cap',
  'playbook_command',
  'playbook_control',
  'account_ticket',
  'account_journey',
  'account_facts',
]

export class KeepFactsControlsSchedules1795356000410 implements MigrationInterface {
  readonly name = 'KeepFactsControlsSchedules1795356000410'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`)
  }
}
