import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { ingestionMigrations } from './migrations/index.ts'

// Rounds of sorting that overlap hold a connection each; capture and the API need some beside them.
const POOL_SIZE = 16

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'ingestion',
    url,
    entities: messagingEntities,
    migrations: [...messagingMigrations, ...ingestionMigrations],
    poolSize: POOL_SIZE,
  })
