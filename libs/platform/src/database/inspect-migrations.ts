import type { DataSource } from 'typeorm'

/** How a database's migrations differ from those of the code that runs; both empty: not at all. */
export interface MigrationFacts {
  /** The code has them, the database does not. */
  readonly pending: readonly string[]
  /** The database has them, the code does not: it is older. */
  readonly unknown: readonly string[]
}

export const inspectMigrations = async (source: DataSource): Promise<MigrationFacts> => {
  const [known] = await source.query<{ there: boolean }[]>(`SELECT to_regclass('migrations') IS NOT NULL AS there`)
  const rows = known?.there ? await source.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id') : []
  const done = rows.map(({ name }) => name)
  const ours = source.migrations.map((migration) => migration.name ?? migration.constructor.name)
  return {
    pending: ours.filter((name) => !done.includes(name)),
    unknown: done.filter((name) => !ours.includes(name)),
  }
}
