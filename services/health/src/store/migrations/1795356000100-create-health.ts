import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "account" (
     "account_id" uuid NOT NULL,
     "newest_usage_at" timestamptz,
     "newest_ticket_at" timestamptz,
     CONSTRAINT "account_pkey" PRIMARY KEY ("account_id"))`,
  // Rows of one day are updated again and again: room for it on the page spares the indexes.
  `CREATE TABLE "usage_fact" (
     "account_id" uuid NOT NULL,
     "day" date NOT NULL,
     "person_id" uuid NOT NULL,
     "kind" text NOT NULL,
     "name" text NOT NULL,
     "known_on" date NOT NULL,
     "count" integer NOT NULL,
     CONSTRAINT "usage_fact_pkey" PRIMARY KEY ("account_id", "day", "person_id", "kind", "name", "known_on")
   ) WITH (fillfactor = 90)`,
  `CREATE INDEX "usage_fact_track" ON "usage_fact" ("account_id", "name", "day") WHERE "kind" = 'track'`,
  `CREATE TABLE "account_activity" (
     "account_id" uuid NOT NULL,
     "first_day" integer NOT NULL,
     "start_day" integer NOT NULL,
     "deferred_from" integer,
     "persons" text NOT NULL,
     "breadth" text NOT NULL,
     "frequency_level" double precision,
     "breadth_level" double precision,
     CONSTRAINT "account_activity_pkey" PRIMARY KEY ("account_id")
   ) WITH (fillfactor = 70)`,
  `CREATE TABLE "ticket" (
     "account_id" uuid NOT NULL,
     "source" text NOT NULL,
     "ticket_id" text NOT NULL,
     "status" text NOT NULL,
     "priority" text,
     "opened_at" timestamptz NOT NULL,
     "changed_at" timestamptz NOT NULL,
     "received_at" timestamptz NOT NULL,
     "event_id" text COLLATE "C" NOT NULL,
     CONSTRAINT "ticket_pkey" PRIMARY KEY ("account_id", "source", "ticket_id"))`,
  `CREATE INDEX "ticket_desk_id" ON "ticket" ("source", "ticket_id")`,
  `CREATE INDEX "ticket_serious" ON "ticket" ("account_id")
     WHERE "status" NOT IN ('solved', 'closed') AND "priority" IN ('urgent', 'high')`,
  `CREATE TABLE "account_score" (
     "account_id" uuid NOT NULL,
     "scored_day" date NOT NULL,
     "scored" json NOT NULL,
     "standing" json NOT NULL,
     CONSTRAINT "account_score_pkey" PRIMARY KEY ("account_id")
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX "account_score_scored_day" ON "account_score" ("scored_day")`,
  `CREATE TABLE "score_history" (
     "account_id" uuid NOT NULL,
     "day" date NOT NULL,
     "score" double precision,
     "band" text,
     "outcome" double precision,
     "experience" double precision,
     "coverage" double precision NOT NULL,
     "partial" boolean NOT NULL,
     "scorecard" text NOT NULL,
     "scorecard_version" integer NOT NULL,
     CONSTRAINT "score_history_pkey" PRIMARY KEY ("account_id", "day")
   ) WITH (fillfactor = 80)`,
  `CREATE TABLE "scorecard" (
     "name" text NOT NULL,
     "version" integer NOT NULL,
     "document" jsonb NOT NULL,
     CONSTRAINT "scorecard_pkey" PRIMARY KEY ("name", "version"))`,
  `CREATE TABLE "installation" (
     "id" integer NOT NULL,
     "time_zone" text NOT NULL,
     CONSTRAINT "installation_pkey" PRIMARY KEY ("id"),
     CONSTRAINT "installation_once" CHECK ("id" = 1))`,
]

const starter = `{
  "measures": [
    { "measure": "frequency", "half": "outcome", "weight": 0.3333333333333333, "fullAt": 20 },
    { "measure": "breadth", "half": "outcome", "weight": 0.3333333333333333, "fullAt": 5 },
    { "measure": "trend", "half": "outcome", "weight": 0.3333333333333333 },
    { "measure": "open-urgent-load", "half": "experience", "weight": 1 }
  ]
}`

export class CreateHealth1795356000100 implements MigrationInterface {
  name = 'CreateHealth1795356000100'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement)
    await runner.query(`INSERT INTO "scorecard" ("name", "version", "document") VALUES ('starter', 1, $1)`, [starter])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE "account", "usage_fact", "account_activity", "ticket", "account_score", "score_history", "scorecard",
         "installation"`,
    )
  }
}
