// The databases of an installation on a Postgres of one's own, as its services reach them.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'

export const asUser = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Each secret of a home, by its name. */
export const secretsOf = (home: string): Record<string, string> =>
  Object.fromEntries(
    readFileSync(join(home, 'secrets'), 'utf8')
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  )

/** The URL by which the service `name` reaches its database, or any the embedded log: `log`. */
export const databaseOf = (home: string, port: number, name: string): string =>
  `postgres://banso_${name}:${secretsOf(home)[`BANSO_DATABASE_PASSWORD_${name.toUpperCase()}`]}` +
  `@127.0.0.1:${port}/banso_${name}`
