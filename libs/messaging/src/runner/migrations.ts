import type { MigrationInterface, QueryRunner } from 'typeorm'

const PARTITION = `
  group_name text NOT NULL,
  topic text NOT NULL,
  partition integer NOT NULL`

const UP = [
  `CREATE TABLE consumer_group (
    name text PRIMARY KEY,
    epoch integer NOT NULL DEFAULT 1,
    log_counter integer NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'running',
    reason text,
    republished_key text,
    changed_at timestamptz NOT NULL,
    CONSTRAINT consumer_group_state CHECK (state IN ('running', 'stopped', 'rebuilding', 'republishing')))`,
  `CREATE TABLE consumer_progress (${PARTITION},
    next_offset bigint NOT NULL,
    last_ce_id text,
    log_id text NOT NULL,
    epoch integer NOT NULL,
    rebuild_mark bigint,
    PRIMARY KEY (group_name, topic, partition))`,
  `CREATE TABLE consumer_fence (${PARTITION},
    writer text NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (group_name, topic, partition, writer))`,
  `CREATE TABLE parked_key (${PARTITION},
    key text NOT NULL,
    attempts integer NOT NULL,
    next_attempt_at timestamptz NOT NULL,
    PRIMARY KEY (group_name, topic, partition, key))`,
  `CREATE INDEX parked_key_due ON parked_key (group_name, next_attempt_at)`,
  `CREATE TABLE parked_message (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,${PARTITION},
    record_offset bigint NOT NULL,
    key text NOT NULL,
    value bytea NOT NULL,
    headers jsonb NOT NULL,
    appended_at timestamptz NOT NULL,
    state text NOT NULL,
    muted boolean NOT NULL DEFAULT false,
    reason text,
    error_class text,
    error_message text,
    attempts integer NOT NULL DEFAULT 0,
    first_failed_at timestamptz,
    died_at timestamptz,
    service_version text NOT NULL,
    CONSTRAINT parked_message_state CHECK (state IN ('parked', 'dead')))`,
  `CREATE UNIQUE INDEX parked_message_record ON parked_message (group_name, topic, partition, record_offset)`,
  `CREATE INDEX parked_message_list ON parked_message (group_name, topic, partition, key, id)
    WHERE state = 'parked'`,
  `CREATE INDEX parked_message_dead ON parked_message (group_name, id) WHERE state = 'dead'`,
  `CREATE TABLE dead_replay (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,${PARTITION},
    record_offset bigint NOT NULL,
    reason text NOT NULL,
    attempts integer NOT NULL,
    replayed_at timestamptz NOT NULL)`,
  `CREATE INDEX dead_replay_at ON dead_replay (group_name, replayed_at)`,
  `CREATE TABLE compacted_version (
    topic text NOT NULL,
    key text NOT NULL,
    generation integer NOT NULL,
    sequence bigint NOT NULL,
    PRIMARY KEY (topic, key))`,
]

const TABLES = [
  'compacted_version',
  'dead_replay',
  'parked_message',
  'parked_key',
  'consumer_fence',
  'consumer_progress',
  'consumer_group',
]

export class ConsumerRunner1795305600000 implements MigrationInterface {
  readonly name = 'ConsumerRunner1795305600000'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`)
  }
}

export const runnerMigrations = [ConsumerRunner1795305600000]
