// What a schema's entities have that its migrations do not make.
import type { PostgresOptions } from '@banso/platform'
import { DataSource } from 'typeorm'

export interface Difference {
  /** SQL that makes what is missing, in order; empty when entities and migrations agree. */
  readonly up: readonly string[]
  /** SQL that takes it away again, in order. */
  readonly down: readonly string[]
}

/** Runs the migrations on an empty database and compares the result with the entities. */
export const schemaDifference = async (options: PostgresOptions): Promise<Difference> => {
  const source = await new DataSource(options).initialize()
  try {
    await source.runMigrations()
    const { upQueries, downQueries } = await source.driver.createSchemaBuilder().log()
    return { up: upQueries.map(({ query }) => query), down: downQueries.map(({ query }) => query).toReversed() }
  } finally {
    await source.destroy()
  }
}

const statements = (queries: readonly string[]): string =>
  queries.map((sql) => `    await runner.query(${JSON.stringify(sql)})`).join('\n')

/** The difference as a migration class; formatted by `npm run format`. */
export const migrationSource = (className: string, { up, down }: Difference): string =>
  `import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ${className} implements MigrationInterface {
  name = '${className}'

  async up(runner: QueryRunner): Promise<void> {
${statements(up)}
  }

  async down(runner: QueryRunner): Promise<void> {
${statements(down)}
  }
}
`
