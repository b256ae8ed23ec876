import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createDatabase, type TestDatabase } from '@banso/testing'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { temporaryHome } from '../drive/temporary-home.ts'
import { initialisePostgres, makeDatabases } from './postgres.ts'
import { keepPrefix, prefixOf } from './postgres-prefix.ts'
import { Secrets } from './secrets.ts'

const home = temporaryHome('postgres')
afterAll(() => home.remove())

describe('the data folder', () => {
  it('is made anew when a start before was cut off while making it', async () => {
    const directory = join(home.path, 'data')
    mkdirSync(`${directory}.new`)
    writeFileSync(join(`${directory}.new`, 'PG_VERSION'), '18\n')
    await initialisePostgres(directory, 'secret')
    expect(existsSync(join(directory, 'global/pg_control'))).toBe(true)
    expect(existsSync(`${directory}.new`)).toBe(false)
  }, 60_000)
})

describe('databases and roles on a Postgres of your own', () => {
  const admin = `admin_${process.pid}`
  let server: TestDatabase
  let client: pg.Client
  const urlAs = (user: string, password: string): string => {
    const url = new URL(server.url)
    url.username = user
    url.password = password
    return url.href
  }
  beforeAll(async () => {
    server = await createDatabase()
    client = new pg.Client(server.url)
    await client.connect()
    await client.query(`CREATE ROLE ${admin} LOGIN CREATEROLE CREATEDB PASSWORD 'admin'`)
  })
  afterAll(async () => {
    await client.end()
    await server.drop()
  })

  it('are made by an administrator who is no superuser, twice without harm, each for its own service', async () => {
    const secrets = new Secrets(home.path)
    await makeDatabases(urlAs(admin, 'admin'), secrets)
    const urls = await makeDatabases(urlAs(admin, 'admin'), secrets)
    const health = new pg.Client(urls.health)
    await health.connect()
    await health.query('CREATE TABLE note (id int)')
    await health.end()
    const strange = new URL(urls.health)
    strange.pathname = '/banso_accounts'
    const stranger = new pg.Client(strange.href)
    await expect(stranger.connect()).rejects.toThrow('permission denied')
  })

  it('are made where one is missing: a home of an older release gains those of newer services', async () => {
    const secrets = new Secrets(home.path)
    await makeDatabases(urlAs(admin, 'admin'), secrets)
    await client.query('DROP DATABASE banso_journeys')
    await client.query('DROP ROLE banso_journeys')
    const { journeys: url } = await makeDatabases(urlAs(admin, 'admin'), secrets)
    const journeys = new pg.Client(url)
    await journeys.connect()
    const { rows } = await journeys.query('SELECT current_user AS role, current_database() AS database')
    await journeys.end()
    expect(rows).toEqual([{ role: 'banso_journeys', database: 'banso_journeys' }])
  })

  describe('that are those of another installation', () => {
    const other = temporaryHome('postgres-other')
    afterAll(() => other.remove())

    it('are refused, and stay as they are', async () => {
      const ours = await makeDatabases(urlAs(admin, 'admin'), new Secrets(home.path))
      await expect(makeDatabases(urlAs(admin, 'admin'), new Secrets(other.path))).rejects.toThrow(
        /^banso_accounts, .*banso_playbooks on this Postgres belong to another installation.*BANSO_POSTGRES_PREFIX/,
      )
      await Promise.all(
        Object.values(ours).map(async (url) => {
          const connection = new pg.Client(url)
          await connection.connect()
          await connection.end()
        }),
      )
    })

    it('are left alone under a prefix of its own, which the first start fixes', async () => {
      const secrets = new Secrets(other.path)
      const prefix = prefixOf(other.path, secrets, 'banso_test')
      const { health } = await makeDatabases(urlAs(admin, 'admin'), secrets, prefix)
      expect(new URL(health).pathname).toBe('/banso_test_health')
      keepPrefix(secrets, prefix)
      const later = new Secrets(other.path)
      expect(prefixOf(other.path, later)).toBe('banso_test')
      expect(() => prefixOf(other.path, later, 'banso_other')).toThrow(/begin with banso_test since its first start/)
      expect(() => prefixOf(other.path, later, 'Banso; DROP')).toThrow(/must be small letters/)
      writeFileSync(join(home.path, 'addresses.json'), '{}')
      expect(() => prefixOf(home.path, new Secrets(home.path), 'late')).toThrow(
        /begin with banso since its first start/,
      )
    })
  })

  it('are refused at once with a wrong password, by a message without it', async () => {
    const began = Date.now()
    const refused = makeDatabases(urlAs(admin, 'wrong'), new Secrets(home.path))
    await expect(refused).rejects.toThrow(
      new RegExp(`^Postgres at postgres://${admin}@\\S+ refuses: password authentication failed`),
    )
    expect(Date.now() - began).toBeLessThan(5000)
  })
})
