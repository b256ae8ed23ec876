import type { MigrationInterface, QueryRunner } from 'typeorm'

export class CreateAccounts1795356000000 implements MigrationInterface {
  name = 'CreateAccounts1795356000000'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE "account" ("account_id" uuid NOT NULL, "external_id" text, "name" text, "external" json, "traits" json NOT NULL DEFAULT '{}', "sealed" json, "first_observed_at" TIMESTAMP WITH TIME ZONE, "last_observed_at" TIMESTAMP WITH TIME ZONE, "people" integer NOT NULL DEFAULT '0', CONSTRAINT "account_pkey" PRIMARY KEY ("account_id"))`,
    )
    await runner.query(`CREATE INDEX "account_external_id" ON "account" ("external_id") `)
    await runner.query(`CREATE INDEX "account_name_prefix" ON "account" (lower("name") text_pattern_ops) `)
    await runner.query(
      `CREATE TABLE "person" ("account_id" uuid NOT NULL, "person_id" uuid NOT NULL, "traits" json NOT NULL DEFAULT '{}', "sealed" json, "last_observed_at" TIMESTAMP WITH TIME ZONE NOT NULL, CONSTRAINT "person_pkey" PRIMARY KEY ("account_id", "person_id"))`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE "person"`)
    await runner.query(`DROP TABLE "account"`)
  }
}
