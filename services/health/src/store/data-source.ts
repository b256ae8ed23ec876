import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { migrations } from './migrations/index.ts'
import { healthEntities } from './rows.ts'

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'health',
    url,
    entities: [...healthEntities, ...messagingEntities],
    migrations: [...migrations, ...messagingMigrations],
  })
