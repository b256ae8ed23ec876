import type { OnApplicationShutdown } from '@nestjs/common'
import { DataSource } from 'typeorm'
import type { Logger } from '../logging/logger.ts'
import { stopping } from '../shutdown/stopping.ts'
import { migrate } from './migrate.ts'
import type { PostgresOptions } from './service-database.ts'

/** A migrated, connected data source. */
export const openDatabase = async (options: PostgresOptions, logger: Logger): Promise<DataSource> => {
  await migrate(options)
  const source = new DataSource({
    ...options,
    poolErrorHandler: (fault: unknown) => {
      // A pool has ended before its connections have, which Postgres may be the one to close when all is stopped.
      if (source.isInitialized) logger.warn({ err: fault }, 'an idle database connection was lost')
    },
  })
  return source.initialize()
}

/** Closes the pool in the last phase of a shutdown: consumers commit until then. */
export class DatabaseLifetime implements OnApplicationShutdown {
  constructor(private readonly source: DataSource) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.source.isInitialized) await stopping('the database pool', this.source.destroy())
  }
}
