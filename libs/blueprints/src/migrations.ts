import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Blueprints1795392000001 implements MigrationInterface {
  readonly name = 'Blueprints1795392000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE blueprint (
        kind text NOT NULL,
        name text NOT NULL,
        latest_version integer NOT NULL,
        CONSTRAINT blueprint_pkey PRIMARY KEY (kind, name)
      )`)
    await runner.query(`
      CREATE TABLE blueprint_version (
        kind text NOT NULL,
        name text NOT NULL,
        version integer NOT NULL,
        document json NOT NULL,
        applied_at timestamptz NOT NULL,
        CONSTRAINT blueprint_version_pkey PRIMARY KEY (kind, name, version)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE blueprint_version')
    await runner.query('DROP TABLE blueprint')
  }
}

export const blueprintMigrations = [Blueprints1795392000001]
