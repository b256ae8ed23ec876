import type { MigrationInterface, QueryRunner } from 'typeorm'

const tables = [
  `CREATE TABLE "account" (
     "account_id" uuid NOT NULL,
     "journey" text,
     "version" integer,
     "lived_day" integer,
     "stage" text,
     "standing" text,
     "usage" json,
     "observed" json,
     "health" json,
     "tracks" json,
     "state" json,
     CONSTRAINT "account_pkey" PRIMARY KEY ("account_id")
   ) WITH (fillfactor = 70)`,
  `CREATE INDEX "account_board" ON "account" ("journey", "stage", "standing", "account_id")
     WHERE "journey" IS NOT NULL`,
  `CREATE INDEX "account_lived_day" ON "account" ("lived_day") WHERE "journey" IS NOT NULL`,
  `CREATE TABLE "first_use" (
     "account_id" uuid NOT NULL,
     "name" text NOT NULL,
     "person_id" uuid NOT NULL,
     "at" timestamptz NOT NULL,
     "event_id" text COLLATE "C" NOT NULL,
     "received_at" timestamptz NOT NULL,
     CONSTRAINT "first_use_pkey" PRIMARY KEY ("account_id", "name", "person_id"))`,
  `CREATE TABLE "account_profile" (
     "account_id" uuid NOT NULL,
     "generation" integer NOT NULL,
     "sequence" bigint NOT NULL,
     "profile" json NOT NULL,
     CONSTRAINT "account_profile_pkey" PRIMARY KEY ("account_id"))`,
  `CREATE TABLE "account_score" (
     "account_id" uuid NOT NULL,
     "latest" json NOT NULL,
     "series" json NOT NULL,
     CONSTRAINT "account_score_pkey" PRIMARY KEY ("account_id")
   ) WITH (fillfactor = 70)`,
  `CREATE TABLE "manual_milestone" (
     "account_id" uuid NOT NULL,
     "milestone" text NOT NULL,
     "at" timestamptz NOT NULL,
     "by" text NOT NULL,
     "note" text NOT NULL,
     CONSTRAINT "manual_milestone_pkey" PRIMARY KEY ("account_id", "milestone"))`,
  `CREATE TABLE "installation" (
     "id" integer NOT NULL,
     "time_zone" text NOT NULL,
     CONSTRAINT "installation_pkey" PRIMARY KEY ("id"),
     CONSTRAINT "installation_once" CHECK ("id" = 1))`,
]

export class CreateJourneys1795392000100 implements MigrationInterface {
  name = 'CreateJourneys1795392000100'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE "account", "first_use", "account_profile", "account_score", "manual_milestone", "installation"`,
    )
  }
}
