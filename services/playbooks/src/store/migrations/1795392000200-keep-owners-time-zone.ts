import type { MigrationInterface, QueryRunner } from 'typeorm'

const UP = [
  `CREATE TABLE account_owner (
    account_id uuid NOT NULL,
    said_at timestamptz NOT NULL,
    said_by text COLLATE "C" NOT NULL,
    names_owner boolean NOT NULL,
    sealed json,
    PRIMARY KEY (account_id, said_at, said_by))`,
  `CREATE TABLE installation (
    id integer PRIMARY KEY CONSTRAINT installation_once CHECK (id = 1),
    time_zone text NOT NULL)`,
]

export class KeepOwnersTimeZone1795392000200 implements MigrationInterface {
  readonly name = 'KeepOwnersTimeZone1795392000200'

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of UP) await runner.query(statement)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE installation, account_owner`)
  }
}
