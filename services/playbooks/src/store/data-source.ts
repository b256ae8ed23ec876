import { messagingEntities, messagingMigrations } from '@banso/messaging'
import { serviceDatabase } from '@banso/platform'
import { Playbooks1790000000000 } from './migrations/playbooks-1790000000000.ts'
import { entities } from './rows.ts'

/** Connections beside those that webhooks under way need to be recorded. */
const POOL_SIZE = 16

export const dataSourceOptions = (url: string) =>
  serviceDatabase({
    service: 'playbooks',
    url,
    entities: [...entities, ...messagingEntities],
    migrations: [Playbooks1790000000000, ...messagingMigrations],
    poolSize: POOL_SIZE,
  })
