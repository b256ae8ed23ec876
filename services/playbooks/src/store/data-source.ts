import { blueprintEntities, blueprintMigrations } from '@banso/blueprints'
import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { migrations } from './migrations/index.ts'
import { entities } from './rows.ts'

/** Webhooks under way share them: each takes one only while it is read and while it is recorded. */
const POOL_SIZE = 16

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'playbooks',
    url,
    entities: [...entities, ...blueprintEntities, ...messagingEntities],
    migrations: [...migrations, ...blueprintMigrations, ...messagingMigrations],
    poolSize: POOL_SIZE,
  })
