import { randomUUID } from 'node:crypto'
import pg from 'pg'

export interface TestDatabase {
  readonly url: string
  /** Ends connections that are still open, too. */
  drop(): Promise<void>
}

const serverUrl = (): string => {
  const url = process.env['TEST_POSTGRES_URL']
  if (!url) throw new Error('no test Postgres: the spec must be named *.int.spec.ts or *.kafka.spec.ts')
  return url
}

const urlOf = (database: string): string => {
  const url = new URL(serverUrl())
  url.pathname = `/${database}`
  return url.href
}

const asAdmin = async <T>(work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(serverUrl())
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Where nothing is synced, a copy of the files with its two checkpoints takes half the work of one through the buffers, which
 * the first connection and the drop must go through again.
 */
const byFiles = (): string => (process.env['TEST_POSTGRES_UNSYNCED'] === 'true' ? 'STRATEGY FILE_COPY' : '')

const clone = async (client: pg.Client, template: string): Promise<TestDatabase> => {
  const name = `t_${randomUUID().replaceAll('-', '')}`
  await client.query(`CREATE DATABASE ${name} TEMPLATE "${template}" ${byFiles()}`)
  return {
    url: urlOf(name),
    drop: async () => void (await asAdmin((admin) => admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  }
}

/** A fresh, empty database on the server of this run. */
export const createDatabase = (): Promise<TestDatabase> => asAdmin((client) => clone(client, 'template1'))

/** A second one as this one is now; nothing may be connected to it. */
export const copyDatabase = ({ url }: TestDatabase): Promise<TestDatabase> =>
  asAdmin((client) => clone(client, new URL(url).pathname.slice(1)))

/**
 * A clone of a database that `migrate` has prepared. `migrate` runs once per run and per name (`[a-z0-9_]`), whatever the
 * number of workers; it must close its connections.
 */
export const createMigratedDatabase = async (
  templateName: string,
  migrate: (url: string) => Promise<void>,
): Promise<TestDatabase> => {
  if (!/^[a-z0-9_]{1,40}$/.test(templateName)) throw new Error(`not a template name: ${templateName}`)
  const template = `template_${process.env['TEST_RUN'] ?? 'run'}_${templateName}`
  return asAdmin(async (client) => {
    await ensureTemplate(client, template, migrate)
    return clone(client, template)
  })
}

const isMade = async (client: pg.Client, template: string): Promise<boolean> =>
  (await client.query('SELECT FROM pg_database WHERE datname = $1 AND datistemplate', [template])).rowCount === 1

// A template counts as made when it is marked so: one left half-made by a migration that failed is made anew.
const ensureTemplate = async (
  client: pg.Client,
  template: string,
  migrate: (url: string) => Promise<void>,
): Promise<void> => {
  if (await isMade(client, template)) return
  await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [template]) // freed when the client ends
  if (await isMade(client, template)) return
  await client.query(`DROP DATABASE IF EXISTS "${template}" WITH (FORCE)`)
  await client.query(`CREATE DATABASE "${template}"`)
  await migrate(urlOf(template))
  await client.query(`ALTER DATABASE "${template}" IS_TEMPLATE true`)
}
