import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { DataSource, type MigrationInterface, type QueryRunner } from 'typeorm'
import { type DatabaseFacts, inspectDatabase, inspectMigrations, migrate, serviceDatabase } from '../src/index.ts'

const role = `checked_${process.pid}`
let own: TestDatabase
let other: TestDatabase
let admin: pg.Client

const databaseOf = ({ url }: TestDatabase): string => new URL(url).pathname.slice(1)

const inspectAs = async (user: string, password: string, now = () => new Date()): Promise<DatabaseFacts> => {
  const url = new URL(own.url)
  Object.assign(url, { username: user, password })
  const client = new pg.Client(url.href)
  await client.connect()
  try {
    return await inspectDatabase(async <Row extends object>(sql: string) => (await client.query<Row>(sql)).rows, now)
  } finally {
    await client.end()
  }
}

const migrationsOf = async (...migrations: (new () => MigrationInterface)[]) => {
  const source = new DataSource(serviceDatabase({ service: 'sample', url: other.url, entities: [], migrations }))
  await source.initialize()
  try {
    return await inspectMigrations(source)
  } finally {
    await source.destroy()
  }
}

export const describeInspectDatabase = (): void => {
  describe('what is found in a database', () => {
    beforeAll(async () => {
      own = await createDatabase()
      other = await createDatabase()
      admin = new pg.Client(own.url)
      await admin.connect()
      await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'checked'`)
      await admin.query('REVOKE CREATE ON SCHEMA public FROM PUBLIC') // as it is from PostgreSQL 15 on
      await admin.query(`REVOKE CONNECT ON DATABASE ${databaseOf(other)} FROM PUBLIC`)
    })
    afterAll(async () => {
      await admin.query(`DROP OWNED BY ${role}`)
      await admin.query(`DROP ROLE ${role}`)
      await admin.end()
      await Promise.all([own.drop(), other.drop()])
    })

    describe('what a role finds in its database', () => {
      it('tells a role that can do nothing there from one that can do all', async () => {
        await admin.query('CREATE TABLE of_another (id integer)')
        expect(await inspectAs(role, 'checked')).toMatchObject({
          database: databaseOf(own),
          role,
          superuser: false,
          mayCreate: false,
          foreignTables: ['of_another'],
        })
        await admin.query(`GRANT CREATE ON SCHEMA public TO ${role}`)
        await admin.query(`ALTER TABLE of_another OWNER TO ${role}`)
        expect(await inspectAs(role, 'checked')).toMatchObject({ mayCreate: true, foreignTables: [] })
        const { username, password } = new URL(own.url)
        expect(await inspectAs(username, password)).toMatchObject({ superuser: true })
      })

      it('names the other databases that it could connect to', async () => {
        expect((await inspectAs(role, 'checked')).reachable).not.toContain(databaseOf(other))
        await admin.query(`GRANT CONNECT ON DATABASE ${databaseOf(other)} TO ${role}`)
        const { reachable } = await inspectAs(role, 'checked')
        expect(reachable).toContain(databaseOf(other))
        expect(reachable).not.toContain(databaseOf(own))
      })

      it('tells the version, and within which bounds the clocks differ', async () => {
        const { version, clockAheadMs } = await inspectAs(role, 'checked')
        expect(version).toMatch(/^\d+\.\d+$/)
        expect(clockAheadMs.least).toBeLessThanOrEqual(clockAheadMs.most)
        expect(clockAheadMs.least).toBeLessThan(1_000)
        const late = await inspectAs(role, 'checked', () => new Date(Date.now() - 60_000))
        expect(late.clockAheadMs.least).toBeGreaterThan(50_000)
      })
    })

    class MakeNote1700000000001 implements MigrationInterface {
      name = 'MakeNote1700000000001'

      async up(runner: QueryRunner): Promise<void> {
        await runner.query('CREATE TABLE note (id integer PRIMARY KEY)')
      }

      async down(): Promise<void> {}
    }

    class MakePage1700000000002 extends MakeNote1700000000001 {
      override name = 'MakePage1700000000002'
    }

    describe('the migrations of a database', () => {
      it('are pending until they ran, and unknown to older code', async () => {
        expect(await migrationsOf(MakeNote1700000000001)).toEqual({ pending: ['MakeNote1700000000001'], unknown: [] })
        const migrations = [MakeNote1700000000001]
        await migrate(serviceDatabase({ service: 'sample', url: other.url, entities: [], migrations }))
        expect(await migrationsOf(MakeNote1700000000001)).toEqual({ pending: [], unknown: [] })
        expect(await migrationsOf(MakePage1700000000002)).toEqual({
          pending: ['MakePage1700000000002'],
          unknown: ['MakeNote1700000000001'],
        })
      })
    })
  })
}
