import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { migrate, serviceDatabase } from '../src/index.ts'
import { startSample } from './sample-app.ts'

class MakeNote1700000000001 implements MigrationInterface {
  name = 'MakeNote1700000000001'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE note (id integer PRIMARY KEY)')
    await runner.query('SELECT pg_sleep(0.2)') // a second instance comes meanwhile
    await runner.query('INSERT INTO note VALUES (1)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE note')
  }
}

class BreakHalfWay1700000000002 implements MigrationInterface {
  name = 'BreakHalfWay1700000000002'

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('INSERT INTO note VALUES (2)')
    await runner.query('SELECT no_such_column FROM note')
  }

  async down(): Promise<void> {}
}

let database: TestDatabase

beforeAll(async () => {
  database = await createDatabase()
})
afterAll(async () => {
  await database?.drop()
})

const optionsWith = (migrations: (new () => MigrationInterface)[]) =>
  serviceDatabase({ service: 'sample', url: database.url, entities: [], migrations })

const notes = async (): Promise<unknown> => {
  const source = await new DataSource(optionsWith([])).initialize()
  try {
    return await source.query('SELECT id FROM note')
  } finally {
    await source.destroy()
  }
}

describe('migrate', () => {
  it('runs each migration once, though three instances start together', async () => {
    const options = optionsWith([MakeNote1700000000001])
    await Promise.all([migrate(options), migrate(options), migrate(options)])
    expect(await notes()).toEqual([{ id: 1 }])
  })

  it('leaves nothing of a migration that fails half-way', async () => {
    const options = optionsWith([MakeNote1700000000001, BreakHalfWay1700000000002])
    await expect(migrate(options)).rejects.toThrow('no_such_column')
    expect(await notes()).toEqual([{ id: 1 }])
  })
})

describe('the pool of a service', () => {
  it('is closed with the application', async () => {
    const { app } = await startSample(database.url)
    const source = app.get(DataSource)
    expect(source.isInitialized).toBe(true)
    await app.close()
    expect(source.isInitialized).toBe(false)
  })
})

describe('a service database', () => {
  it('prepares a statement with parameters once per connection, and runs it with others', async () => {
    const source = await new DataSource({ ...optionsWith([]), poolSize: 1 }).initialize()
    try {
      const answers: unknown[] = []
      for (const n of [1, 2, 3]) answers.push(await source.query('SELECT $1::int + 40 AS sum', [n]))
      await source.query('SELECT 1 AS unprepared')
      expect(answers).toEqual([[{ sum: 41 }], [{ sum: 42 }], [{ sum: 43 }]])
      expect(await source.query('SELECT statement FROM pg_prepared_statements')).toEqual([
        { statement: 'SELECT $1::int + 40 AS sum' },
      ])
    } finally {
      await source.destroy()
    }
  })
})
