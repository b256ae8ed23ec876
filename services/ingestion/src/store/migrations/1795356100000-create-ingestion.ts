import type { MigrationInterface, QueryRunner } from 'typeorm'

const RECEIPT_PARTITIONS = 8

const sources = `
  CREATE TABLE source (
    name text PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('segment', 'zendesk')),
    namespace text NOT NULL,
    signing_secret bytea,
    created_at timestamptz NOT NULL
  );
  CREATE TABLE write_key (
    id uuid PRIMARY KEY,
    source text NOT NULL REFERENCES source,
    kind text NOT NULL CHECK (kind IN ('server', 'browser')),
    digest text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz
  );
  CREATE INDEX write_key_source ON write_key (source, id);
`

const people = `
  CREATE TABLE person (
    id uuid PRIMARY KEY,
    namespace text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('user', 'anonymous')),
    external_id text NOT NULL,
    UNIQUE (namespace, kind, external_id)
  );
  CREATE TABLE person_account (
    person_id uuid NOT NULL REFERENCES person,
    account_id uuid NOT NULL,
    PRIMARY KEY (person_id, account_id)
  );
  CREATE TABLE data_key (subject uuid PRIMARY KEY, wrapped_key bytea NOT NULL);
`

// By hash and never by time: a repeat after midnight must still find the first row.
const receipts = `
  CREATE TABLE event_receipt (
    source text NOT NULL,
    message_id text NOT NULL,
    log_id text NOT NULL,
    raw_partition integer NOT NULL,
    raw_offset bigint NOT NULL,
    account_id uuid,
    person_id uuid,
    partition integer,
    state text NOT NULL CHECK (state IN ('accepted', 'quarantined', 'rejected')),
    reason text,
    person_made boolean NOT NULL,
    account_key_made boolean NOT NULL,
    received_at timestamptz NOT NULL,
    sorted_at timestamptz NOT NULL,
    seen_on date NOT NULL,
    repeats integer NOT NULL DEFAULT 0,
    PRIMARY KEY (source, message_id)
  ) PARTITION BY HASH (source, message_id);
`

const receiptPartitions = Array.from(
  { length: RECEIPT_PARTITIONS },
  (_, n) => `
  CREATE TABLE event_receipt_${n} PARTITION OF event_receipt
    FOR VALUES WITH (MODULUS ${RECEIPT_PARTITIONS}, REMAINDER ${n});
  CREATE INDEX event_receipt_${n}_seen_on ON event_receipt_${n} USING brin (seen_on);
`,
).join('')

const records = `
  CREATE TABLE spool (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record bytea NOT NULL,
    spooled_at timestamptz NOT NULL
  );
  CREATE TABLE quarantined_event (
    id uuid PRIMARY KEY,
    source text NOT NULL,
    message_id text NOT NULL,
    type text NOT NULL,
    reason text NOT NULL,
    record bytea NOT NULL,
    quarantined_at timestamptz NOT NULL,
    redriven_at timestamptz
  );
  CREATE UNIQUE INDEX quarantined_event_message ON quarantined_event (source, message_id);
  CREATE INDEX quarantined_event_order ON quarantined_event (quarantined_at, id);
  CREATE TABLE trim_mark (
    log_id text NOT NULL,
    partition integer NOT NULL,
    passed_on date NOT NULL,
    next_offset bigint NOT NULL,
    PRIMARY KEY (log_id, partition, passed_on)
  );
`

export class CreateIngestion1795356100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(sources + people + receipts + receiptPartitions + records)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE trim_mark, quarantined_event, spool, event_receipt, data_key, person_account, person, write_key, source
    `)
  }
}
