import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { AccountRow, PersonRow } from './account.row.ts'
import { migrations } from './migrations/index.ts'

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'accounts',
    url,
    entities: [AccountRow, PersonRow, ...messagingEntities],
    migrations: [...migrations, ...messagingMigrations],
  })
