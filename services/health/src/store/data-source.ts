import { blueprintEntities, blueprintMigrations } from '@banso/blueprints'
import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { type PostgresOptions, serviceDatabase } from '@banso/platform'
import { inputEntities } from './input-rows.ts'
import { migrations } from './migrations/index.ts'
import { scoreEntities } from './score-rows.ts'

export const dataSourceOptions = (url: string): PostgresOptions =>
  serviceDatabase({
    service: 'health',
    url,
    entities: [...inputEntities, ...scoreEntities, ...blueprintEntities, ...messagingEntities],
    migrations: [...blueprintMigrations, ...migrations, ...messagingMigrations],
  })
