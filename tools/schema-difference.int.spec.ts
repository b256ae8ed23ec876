import { serviceDatabase } from '@banso/platform'
import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { EntitySchema, type MigrationInterface, type QueryRunner } from 'typeorm'
import { migrationSource, schemaDifference } from './schema-difference.ts'

const NoteRow = new EntitySchema({
  name: 'note',
  columns: { id: { type: 'uuid', primary: true }, text: { type: 'text' } },
})

class MakeNote1700000000001 implements MigrationInterface {
  name = 'MakeNote1700000000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE "note" ("id" uuid NOT NULL, CONSTRAINT "note_id" PRIMARY KEY ("id"))')
    await runner.query('CREATE TABLE "by_hand" ("id" uuid)')
  }

  async down(): Promise<void> {}
}

let database: TestDatabase
beforeEach(async () => {
  database = await createDatabase()
})
afterEach(() => database.drop())

const optionsWith = (entities: EntitySchema[]) =>
  serviceDatabase({ service: 'sample', url: database.url, entities, migrations: [MakeNote1700000000001] })

describe('the difference between entities and migrations', () => {
  it('names a column that no migration makes, and leaves tables without entities alone', async () => {
    const found = await schemaDifference(optionsWith([NoteRow]))
    expect(found.up.filter((sql) => sql.includes('"text"'))).toHaveLength(1)
    expect([...found.up, ...found.down].join()).not.toContain('by_hand')
    expect(migrationSource('AddText1', found)).toContain(
      'await runner.query("ALTER TABLE \\"note\\" ADD \\"text\\" text NOT NULL")',
    )
  })

  it('is empty when they agree', async () => {
    expect(await schemaDifference(optionsWith([]))).toEqual({ up: [], down: [] })
  })
})
