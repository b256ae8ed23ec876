import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "ticket_event" (
     "account_id" uuid NOT NULL,
     "source" text NOT NULL,
     "ticket_id" text NOT NULL,
     "event_id" text COLLATE "C" NOT NULL,
     "changed_at" timestamptz NOT NULL,
     "received_at" timestamptz NOT NULL,
     "status" text NOT NULL,
     "priority" text,
     "opened_at" timestamptz NOT NULL,
     "rating" text,
     CONSTRAINT "ticket_event_pkey" PRIMARY KEY ("account_id", "source", "ticket_id", "event_id"))`,
  `CREATE TABLE "ticket_rating" (
     "account_id" uuid NOT NULL,
     "source" text NOT NULL,
     "ticket_id" text NOT NULL,
     "rating" text NOT NULL,
     "rated_at" timestamptz NOT NULL,
     "received_at" timestamptz NOT NULL,
     "event_id" text COLLATE "C" NOT NULL,
     CONSTRAINT "ticket_rating_pkey" PRIMARY KEY ("account_id", "source", "ticket_id"))`,
  `CREATE TABLE "account_profile" (
     "account_id" uuid NOT NULL,
     "name" text,
     "segment" text NOT NULL,
     "seats" double precision,
     "generation" integer NOT NULL,
     "sequence" bigint NOT NULL,
     CONSTRAINT "account_profile_pkey" PRIMARY KEY ("account_id"))`,
  `CREATE TABLE "profile_history" (
     "account_id" uuid NOT NULL,
     "known_on" date NOT NULL,
     "segment" text NOT NULL,
     "seats" double precision,
     CONSTRAINT "profile_history_pkey" PRIMARY KEY ("account_id", "known_on"))`,
  `CREATE TABLE "input_kind" (
     "kind" text NOT NULL,
     "since" date NOT NULL,
     CONSTRAINT "input_kind_pkey" PRIMARY KEY ("kind"))`,
  `CREATE TABLE "scorecard_use" (
     "ordinal" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
     "name" text NOT NULL,
     "version" integer NOT NULL,
     "used_from" timestamptz NOT NULL,
     CONSTRAINT "scorecard_use_pkey" PRIMARY KEY ("ordinal"))`,
  `CREATE TABLE "peer_table" (
     "day" date NOT NULL,
     "frozen_at" timestamptz NOT NULL,
     "document" json NOT NULL,
     CONSTRAINT "peer_table_pkey" PRIMARY KEY ("day"))`,
  `CREATE TABLE "score_override" (
     "ordinal" integer GENERATED ALWAYS AS IDENTITY NOT NULL,
     "account_id" uuid NOT NULL,
     "score" double precision NOT NULL,
     "reason" text NOT NULL,
     "owner" text NOT NULL,
     "note" text,
     "set_at" timestamptz NOT NULL,
     "until" timestamptz NOT NULL,
     "ended_at" timestamptz,
     "ended_by" text,
     CONSTRAINT "score_override_pkey" PRIMARY KEY ("ordinal"))`,
  `CREATE UNIQUE INDEX "score_override_active" ON "score_override" ("account_id") WHERE "ended_at" IS NULL`,
  `CREATE INDEX "score_override_account" ON "score_override" ("account_id", "ordinal")`,
  `CREATE INDEX "usage_fact_person" ON "usage_fact" ("account_id", "person_id", "day")`,
  `ALTER TABLE "account_activity"
     ADD "reach" text NOT NULL DEFAULT '', ADD "reach_level" double precision, ADD "key_features" json`,
  `ALTER TABLE "account_activity" ALTER "reach" DROP DEFAULT`,
  `ALTER TABLE "account_score"
     ADD "score" double precision, ADD "band" text, ADD "coverage" double precision,
     ADD "scorecard" text, ADD "scorecard_version" integer, ADD "peers_on" date`,
  `ALTER TABLE "score_history"
     ADD "overridden" boolean NOT NULL DEFAULT false, ADD "peers_on" date, ADD "points" json`,
  `ALTER TABLE "score_history" ALTER "overridden" DROP DEFAULT`,
]

const filled = [
  // What an event of a ticket says of it is all that was known of it until now.
  `INSERT INTO "ticket_event"
     ("account_id", "source", "ticket_id", "event_id", "changed_at", "received_at", "status", "priority", "opened_at")
   SELECT "account_id", "source", "ticket_id", "event_id", "changed_at", "received_at", "status", "priority", "opened_at"
   FROM "ticket"`,
  `INSERT INTO "input_kind" SELECT 'usage', min("known_on") FROM "usage_fact" HAVING count(*) > 0`,
  `INSERT INTO "input_kind" SELECT 'tickets', min("received_at")::date FROM "ticket" HAVING count(*) > 0`,
  `UPDATE "account_score" SET "score" = ("scored"->>'score')::float8, "band" = "scored"->>'band',
     "coverage" = ("scored"->>'coverage')::float8`,
  // Without how many persons used it, an activity has to be made anew: as if days of the future had come.
  `UPDATE "account_activity" SET "deferred_from" = "first_day"`,
]

const first = {
  measures: [
    { measure: 'frequency', half: 'outcome', weight: 1 / 3, fullAt: 20 },
    { measure: 'breadth', half: 'outcome', weight: 1 / 3, fullAt: 5 },
    { measure: 'trend', half: 'outcome', weight: 1 / 3 },
    { measure: 'open-urgent-load', half: 'experience', weight: 1 },
  ],
}

const second = {
  measures: [
    { measure: 'active-user-share', half: 'outcome', weight: 0.25 },
    { measure: 'frequency', half: 'outcome', weight: 0.2 },
    { measure: 'breadth', half: 'outcome', weight: 0.2 },
    { measure: 'trend', half: 'outcome', weight: 0.2 },
    { measure: 'open-urgent-load', half: 'experience', weight: 0.6 },
    { measure: 'satisfaction', half: 'experience', weight: 0.4 },
  ],
}
const title = { en: 'Starter scorecard', ja: 'スターター・スコアカード' }

/** Scorecards become blueprints; the starter card is complete in its second version. */
export class CompleteTheScore1795395600100 implements MigrationInterface {
  name = 'CompleteTheScore1795395600100'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables, ...filled]) await runner.query(statement)
    await runner.query(`DROP TABLE "scorecard"`)
    await runner.query(`INSERT INTO "blueprint" ("kind", "name", "latest_version") VALUES ('Scorecard', 'starter', 2)`)
    await runner.query(
      `INSERT INTO "blueprint_version" ("kind", "name", "version", "document", "applied_at")
       VALUES ('Scorecard', 'starter', 1, $1, now()), ('Scorecard', 'starter', 2, $2, now())`,
      [JSON.stringify({ title, spec: first }), JSON.stringify({ title, spec: second })],
    )
    await runner.query(`INSERT INTO "scorecard_use" ("name", "version", "used_from") VALUES ('starter', 2, now())`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM "blueprint_version" WHERE "kind" = 'Scorecard'`)
    await runner.query(`DELETE FROM "blueprint" WHERE "kind" = 'Scorecard'`)
    await runner.query(
      `CREATE TABLE "scorecard" (
         "name" text NOT NULL,
         "version" integer NOT NULL,
         "document" jsonb NOT NULL,
         CONSTRAINT "scorecard_pkey" PRIMARY KEY ("name", "version"))`,
    )
    await runner.query(`INSERT INTO "scorecard" VALUES ('starter', 1, $1)`, [JSON.stringify(first)])
    await runner.query(`ALTER TABLE "score_history" DROP "overridden", DROP "peers_on", DROP "points"`)
    await runner.query(
      `ALTER TABLE "account_score"
         DROP "score", DROP "band", DROP "coverage", DROP "scorecard", DROP "scorecard_version", DROP "peers_on"`,
    )
    await runner.query(`ALTER TABLE "account_activity" DROP "reach", DROP "reach_level", DROP "key_features"`)
    await runner.query(`DROP INDEX "usage_fact_person"`)
    await runner.query(
      `DROP TABLE "ticket_event", "ticket_rating", "account_profile", "profile_history", "input_kind", "scorecard_use",
         "peer_table", "score_override"`,
    )
  }
}
