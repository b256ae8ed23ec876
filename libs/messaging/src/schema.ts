import { outboxMigrations } from './outbox/outbox-migration.ts'
import { outboxEntities } from './outbox/outbox-row.ts'
import { runnerMigrations } from './runner/migrations.ts'
import { runnerEntities } from './runner/rows.ts'
import { timerMigrations } from './timers/timer-migration.ts'
import { timerEntities } from './timers/timer-row.ts'

/** The messaging tables of a service's database: every service adds these entities and migrations to its own. */
export const messagingEntities = [...runnerEntities, ...outboxEntities, ...timerEntities]
export const messagingMigrations = [...runnerMigrations, ...outboxMigrations, ...timerMigrations]
