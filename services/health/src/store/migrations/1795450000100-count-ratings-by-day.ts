import type { MigrationInterface, QueryRunner } from 'typeorm'

const ZONE = `coalesce((SELECT name FROM "installation" JOIN pg_timezone_names ON name = time_zone), 'UTC')`

const statements = [
  // An earlier release that still runs writes ratings of today.
  `ALTER TABLE "ticket_rating" ADD "rated_on" date NOT NULL DEFAULT now()`,
  `UPDATE "ticket_rating" SET "rated_on" = ("rated_at" AT TIME ZONE ${ZONE})::date`,
  `CREATE INDEX "ticket_rating_days" ON "ticket_rating" ("account_id", "rated_on")`,
  // Who answers for an override is in "score_override" alone: what stands here is published.
  `UPDATE "account_score"
   SET "scored" = ("scored"::jsonb #- '{override,owner}')::json, "standing" = ("standing"::jsonb #- '{override,owner}')::json
   WHERE "scored"->'override'->'owner' IS NOT NULL OR "standing"->'override'->'owner' IS NOT NULL`,
]

/** Ratings are counted by their day, so that a score reads no more than what counts; names leave what is published. */
export class CountRatingsByDay1795450000100 implements MigrationInterface {
  name = 'CountRatingsByDay1795450000100'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX "ticket_rating_days"`)
    await runner.query(`ALTER TABLE "ticket_rating" DROP "rated_on"`)
  }
}
