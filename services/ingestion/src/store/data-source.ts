import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { ingestionMigrations } from './migrations/index.ts'

// Sorting holds one connection per partition at work; capture and the API need some beside them.
const POOL_SIZE = 16

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'ingestion',
    url,
    entities: messagingEntities,
    migrations: [...messagingMigrations, ...ingestionMigrations],
    poolSize: POOL_SIZE,
  })
