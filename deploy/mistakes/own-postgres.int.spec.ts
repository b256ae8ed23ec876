// Mistakes with a Postgres of one's own.
import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { temporaryHome } from '../drive/temporary-home.ts'
import { makeDatabases } from '../local/postgres.ts'
import { mark, refuseForeign } from '../local/postgres-owner.ts'
import { Secrets } from '../local/secrets.ts'
import { expectSaid } from './page.ts'

describe('a Postgres of your own', () => {
  const lowly = `lowly_${process.pid}`
  const home = temporaryHome('own-postgres')
  let server: TestDatabase
  let client: pg.Client
  beforeAll(async () => {
    server = await createDatabase()
    client = new pg.Client(server.url)
    await client.connect()
    await client.query(`CREATE ROLE ${lowly} LOGIN PASSWORD 'lowly'`)
  })
  afterAll(async () => {
    await client.query(`DROP ROLE ${lowly}`)
    await client.end()
    await server.drop()
    home.remove()
  })
  const start = async (password: string): Promise<string> => {
    const url = new URL(server.url)
    url.username = lowly
    url.password = password
    const fault: unknown = await makeDatabases(url.href, new Secrets(home.path)).catch((reason: unknown) => reason)
    expect(fault).toBeInstanceOf(Error)
    return String(fault)
  }

  it('refuses a wrong password, and the message does not show it', async () => {
    const words = await start('hunter2')
    expectSaid(words, 'Postgres at … refuses: password authentication failed for user "…"')
    expect(words).not.toContain('hunter2')
  })

  it('is refused where its databases are those of another installation', async () => {
    const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name')
    const name = rows[0]?.name ?? ''
    await mark(client, name, 'one')
    await refuseForeign(client, [name, 'banso_none'], 'one')
    const fault: unknown = await refuseForeign(client, [name], 'another').catch((reason: unknown) => reason)
    expectSaid(
      String(fault),
      '… on this Postgres belong to another installation of Banso, whose services this one would lock out…',
    )
  })

  it('is of no use to a user who may make nothing', async () => {
    expectSaid(await start('lowly'), 'the Postgres user … may not make roles and databases…')
  })
})
