import type { DataSourceOptions, EntitySchema, Logger, MigrationInterface } from 'typeorm'
import { PreparingClient } from './preparing-client.ts'

export type PostgresOptions = Extract<DataSourceOptions, { type: 'postgres' }>

// Limits of every session, in milliseconds.
const STATEMENT_TIMEOUT_MS = 30_000
const LOCK_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000

const DEFAULT_POOL_SIZE = 10

type Entity = abstract new (...args: never[]) => object

export interface ServiceDatabase {
  readonly service: string
  /** `postgres://user:password@host:port/database` */
  readonly url: string
  readonly entities: readonly (Entity | EntitySchema)[]
  /** In any order: their names carry the time. */
  readonly migrations: readonly (new () => MigrationInterface)[]
  /** Most connections; default 10. */
  readonly poolSize?: number
}

// What fails is thrown and logged by whom it concerns; TypeORM's own lines hold statements and their parameters.
const silent: Logger = {
  logQuery: () => {},
  logQueryError: () => {},
  logQuerySlow: () => {},
  logSchemaBuild: () => {},
  logMigration: () => {},
  log: () => {},
}

/**
 * The data source of a service: entities and migrations by class, and the limits of a session (a statement 30 s, a lock
 * 5 s, an idle transaction 10 s; commits are durable when they are confirmed).
 */
export const serviceDatabase = (database: ServiceDatabase): PostgresOptions => ({
  type: 'postgres',
  url: database.url,
  applicationName: `banso-${database.service}`,
  entities: [...database.entities],
  migrations: [...database.migrations],
  migrationsTransactionMode: 'each',
  poolSize: database.poolSize ?? DEFAULT_POOL_SIZE,
  connectTimeoutMS: CONNECT_TIMEOUT_MS,
  uuidExtension: 'pgcrypto', // gen_random_uuid(), built in since Postgres 13
  installExtensions: false, // so that a service's role needs no right to create extensions
  logger: silent,
  extra: {
    statement_timeout: STATEMENT_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    options: '-c synchronous_commit=on',
    keepAlive: true,
    Client: PreparingClient,
  },
})
