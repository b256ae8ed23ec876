// Every service's migrations, one by one, on a database with data; and the rule that a migration only expands, so that the
// code of the release before runs on beside the next one (docs/operate/upgrade.md).
import { messagingMigrations } from '@banso/messaging'
import { migrate, type PostgresOptions } from '@banso/platform'
import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { DataSource, type Logger, type MigrationInterface } from 'typeorm'
import { markFault, refusedAmong } from './expand-only.ts'
import { type Contents, insertOf, selectOf, type Table, tablesOf } from './sample-rows.ts'

/** Written before there was a release to upgrade from: an upgrade over these needs every service stopped. */
const BEFORE_THE_RULE = [
  'FencesInProgress1795392000000',
  'KeepRunsOfSteps1795392000100',
  'CompleteTheScore1795395600100',
]

/** What migrations look into, per table. */
const CONTENTS: Readonly<Record<string, Contents>> = {
  playbook_version: { document: `'{"action":{"kind":"webhook"}}'` },
}

type Migration = new () => MigrationInterface & { readonly contracts?: string }

const root = join(import.meta.dirname, '..')
const services = globSync('services/*/src/store/data-source.ts', { cwd: root }).toSorted()

/** `NameOfIt1795392000100`: its name ends with when it was written. */
const nameOf = (migration: Migration): string => new migration().name ?? migration.name
const writtenAt = (migration: Migration): number => Number(nameOf(migration).slice(-13))

const migrationsOf = (options: PostgresOptions): Migration[] =>
  (options.migrations as Migration[]).toSorted((a, b) => writtenAt(a) - writtenAt(b))

const ignore = (): void => {}

/** The statements of the migration alone, without those of TypeORM around it. */
const recording = (statements: string[]): Logger => {
  let within = false
  return {
    logQuery: (query) => {
      if (query === 'START TRANSACTION') within = true
      else if (query === 'COMMIT' || query.startsWith('INSERT INTO "migrations"')) within = false
      else if (within) statements.push(query)
    },
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    logMigration: ignore,
    log: ignore,
  }
}

const ROWS = 3

/** Fills what can be filled: tables may refuse a second row, never the first. */
const fill = async (source: DataSource, tables: readonly Table[]): Promise<void> => {
  for (const table of tables)
    for (let n = 1; n <= ROWS; n += 1)
      await source.query(insertOf(table, n, CONTENTS[table.name])).catch((fault) => {
        if (n === 1) throw new Error(`${table.name} takes no row`, { cause: fault })
      })
}

const countsOf = async (source: DataSource, tables: readonly Table[]): Promise<Map<string, number>> => {
  const counts = new Map<string, number>()
  for (const { name } of tables) {
    const [row] = await source.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM "${name}"`)
    counts.set(name, row?.count ?? 0)
  }
  return counts
}

interface Step {
  readonly migration: Migration
  readonly statements: readonly string[]
  /** Tables that have fewer rows than before. */
  readonly emptied: readonly string[]
  /** What the code of the release before does, and the database refuses. */
  readonly broken: readonly string[]
}

let database: TestDatabase
beforeEach(async () => {
  database = await createDatabase()
})
afterEach(() => database.drop())

const walk = async (optionsOf: (url: string) => PostgresOptions): Promise<Step[]> => {
  const options = optionsOf(database.url)
  const all = migrationsOf(options)
  const steps: Step[] = []
  let before: Table[] = []
  for (const [place, migration] of all.entries()) {
    const statements: string[] = []
    const source = new DataSource({ ...options, migrations: all.slice(0, place + 1), logger: recording(statements) })
    await source.initialize()
    try {
      const had = await countsOf(source, before)
      await source.runMigrations()
      const there = new Set((await tablesOf(source)).map(({ name }) => name))
      const has = await countsOf(
        source,
        before.filter(({ name }) => there.has(name)),
      )
      const broken: string[] = []
      for (const table of before)
        for (const sql of [selectOf(table), insertOf(table, ROWS + 1 + place, CONTENTS[table.name])])
          await source.query(sql).catch((fault: Error) => broken.push(`${table.name}: ${fault.message}`))
      const emptied = [...had].filter(([name, count]) => (has.get(name) ?? 0) < count).map(([name]) => name)
      steps.push({ migration, statements, emptied, broken })
      before = await tablesOf(source)
      await fill(source, before)
    } finally {
      await source.destroy()
    }
  }
  return steps
}

const optionsOf = async (file: string): Promise<(url: string) => PostgresOptions> =>
  ((await import(join(root, file))) as { readonly dataSourceOptions: (url: string) => PostgresOptions })
    .dataSourceOptions

/** What is wrong with a step, in words. */
const faultsOf = async (step: Step, earlier: readonly string[]): Promise<string[]> => {
  const name = nameOf(step.migration)
  const refused = await refusedAmong(step.statements)
  if (BEFORE_THE_RULE.includes(name))
    return refused.length > 0 ? [] : [`${name} keeps to the rule: take it off the list`]
  const { contracts } = new step.migration()
  const unmarked = markFault({ name, contracts, earlier, refused })
  const effects = [
    ...step.emptied.map((table) => `${name} leaves fewer rows in ${table}`),
    ...step.broken.map((what) => `after ${name}, the release before cannot use ${what}`),
  ]
  return [...(unmarked === undefined ? [] : [unmarked]), ...(contracts === undefined ? effects : [])]
}

describe('the migrations of each service, one by one on a database with data', () => {
  it('are of five services', () => expect(services).toHaveLength(5))

  it.each(services)(
    '%s: keep rows, and the release before works on',
    async (file) => {
      const steps = await walk(await optionsOf(file))
      const names = steps.map(({ migration }) => nameOf(migration))
      const faults = await Promise.all(steps.map((step, place) => faultsOf(step, names.slice(0, place))))
      expect(steps.length).toBeGreaterThan(messagingMigrations.length)
      expect(faults.flat()).toEqual([])
    },
    60_000,
  )

  it('leave the release before able to start, to go back', async () => {
    for (const file of services) {
      const own = await createDatabase()
      const options = (await optionsOf(file))(own.url)
      const all = migrationsOf(options)
      await migrate(options)
      await expect(migrate({ ...options, migrations: all.slice(0, -1) })).resolves.toBeUndefined()
      await own.drop()
    }
  }, 60_000)
})
