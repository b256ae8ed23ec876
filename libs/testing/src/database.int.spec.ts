import { afterAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { createDatabase, createMigratedDatabase, type TestDatabase } from './database.ts'

const query = async (url: string, sql: string): Promise<unknown[]> => {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

const databases: TestDatabase[] = []
const kept = async (database: Promise<TestDatabase>): Promise<TestDatabase> => {
  databases.push(await database)
  return database
}
afterAll(() => Promise.all(databases.map((database) => database.drop())))

describe('createDatabase', () => {
  it('gives each caller one of its own, and drops it under open connections', async () => {
    const [first, second] = [await kept(createDatabase()), await kept(createDatabase())]
    await query(first.url, 'CREATE TABLE mine (id integer)')
    expect(await query(second.url, "SELECT to_regclass('mine') AS found")).toEqual([{ found: null }])
    const open = new pg.Client(first.url)
    open.on('error', () => {}) // the server ends it
    await open.connect()
    await first.drop()
    await expect(query(first.url, 'SELECT 1')).rejects.toThrow('does not exist')
    await open.end()
  })
})

describe('createMigratedDatabase', () => {
  it('migrates once for all who ask at the same time, and gives each a clone', async () => {
    let migrations = 0
    const migrate = async (url: string): Promise<void> => {
      migrations += 1
      await query(url, 'CREATE TABLE note (id integer)')
    }
    const clones = await Promise.all([1, 2, 3, 4].map(() => kept(createMigratedDatabase('once_for_all', migrate))))
    expect(migrations).toBe(1)
    await query(clones[0]?.url ?? '', 'INSERT INTO note VALUES (1)')
    expect(await query(clones[1]?.url ?? '', 'SELECT * FROM note')).toEqual([])
  })

  it('makes the template anew after a migration that failed', async () => {
    const failing = async (url: string): Promise<void> => {
      await query(url, 'CREATE TABLE half_made (id integer)')
      throw new Error('broken migration')
    }
    await expect(createMigratedDatabase('fails_first', failing)).rejects.toThrow('broken migration')
    const clone = await kept(createMigratedDatabase('fails_first', async () => {}))
    expect(await query(clone.url, "SELECT to_regclass('half_made') AS found")).toEqual([{ found: null }])
  })
})
