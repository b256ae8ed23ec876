import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import Type from 'typebox'
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { DayKey, decodeCursor, InstantKey, migrate, serviceDatabase } from '../src/index.ts'
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

const cursorOf = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

const keyIn = (schema: typeof DayKey, text: string): string | undefined => {
  try {
    return decodeCursor(schema, cursorOf(text))
  } catch {
    return undefined
  }
}

export const describeDatabase = (): void => {
  describe('a database of a service', () => {
    beforeAll(async () => {
      database = await createDatabase()
    })
    afterAll(async () => {
      await database?.drop()
    })

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

    describe('keys of cursors', () => {
      const someDay = fc.oneof(
        fc
          .date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
          .map((at) => at.toISOString()),
        fc
          .constantFrom('0000-12-31', '0001-01-01', '2026-02-29', '2024-02-29', '9999-12-31', '-000001-01-01')
          .map((day) => `${day}T00:00:00.000Z`),
      )
      const someZone = fc.constantFrom(
        'Z',
        'z',
        '+00:00',
        '+15:59',
        '+23:59',
        '-23:59',
        '[Asia/Tokyo]',
        'Z[u-ca=japanese]',
      )
      const someTime = fc.constantFrom(
        '00:00:00.000',
        '23:59:59.999',
        '23:59:60.000',
        '24:00:00.000',
        `00:00:00.${'0'.repeat(200)}`,
      )
      const forged = fc.oneof(
        someDay,
        fc.tuple(someDay, someTime, someZone).map(([day, time, zone]) => `${day.slice(0, 10)}T${time}${zone}`),
      )

      it.each([
        ['timestamptz', InstantKey, (text: string) => text],
        ['date', DayKey, (text: string) => text.slice(0, 10)],
      ] as const)('are what %s takes, whoever wrote the cursor', async (type, schema, keyOf) => {
        const source = await new DataSource(optionsWith([])).initialize()
        const taken: string[] = []
        try {
          await fc.assert(
            fc.asyncProperty(forged.map(keyOf), async (text) => {
              const key = keyIn(schema, text)
              if (key === undefined) return
              taken.push(key)
              await source.query(`SELECT $1::${type}`, [key])
            }),
            { numRuns: 300 },
          )
        } finally {
          await source.destroy()
        }
        expect(taken.length).toBeGreaterThan(50)
      })

      it('hold no NUL, at any depth', () => {
        const schema = Type.Tuple([Type.String(), Type.Object({ name: Type.String() })])
        expect(decodeCursor(schema, cursorOf(['a', { name: 'b\\u0000' }]))).toEqual(['a', { name: 'b\\u0000' }])
        expect(() => decodeCursor(schema, cursorOf(['a', { name: 'b\0' }]))).toThrow(/not one of this list/)
      })
    })
  })
}
