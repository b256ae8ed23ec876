import { blueprintEntities, blueprintMigrations } from '@banso/blueprints'
import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { migrations } from './migrations/index.ts'
import { journeysEntities } from './rows.ts'

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'journeys',
    url,
    entities: [...journeysEntities, ...blueprintEntities, ...messagingEntities],
    migrations: [...migrations, ...blueprintMigrations, ...messagingMigrations],
  })
