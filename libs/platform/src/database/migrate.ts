import { DataSource } from 'typeorm'
import type { PostgresOptions } from './service-database.ts'

// One number for all services: each has its own database.
const MIGRATION_LOCK = 4_032_001

/**
 * Runs what is missing of the migrations; instances that start together wait for each other. Without the session limits
 * of the service, because a migration may have to wait or take long.
 */
export const migrate = async (options: PostgresOptions): Promise<void> => {
  const source = new DataSource({
    ...options,
    applicationName: `${options.applicationName ?? 'banso'}-migration`,
    poolSize: 2, // one holds the lock, one migrates
    extra: { options: '-c synchronous_commit=on' },
  })
  await source.initialize()
  try {
    const holder = source.createQueryRunner()
    try {
      await holder.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
      await source.runMigrations()
    } finally {
      await holder.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK])
      await holder.release()
    }
  } finally {
    await source.destroy()
  }
}
