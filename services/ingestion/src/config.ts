import { serviceSettings } from '@banso/messaging'
import {
  configOf,
  type Environment,
  MasterKeyText,
  Port,
  PostgresUrl,
  type ServiceConfig,
  ServiceToken,
} from '@banso/platform'
import Type from 'typebox'

// Days that the raw topic keeps what the sorter has passed; a receipt must outlive it.
export const RAW_RETENTION_DAYS = 3

const Settings = serviceSettings({
  INGESTION_DATABASE_URL: PostgresUrl,
  /** Capture: public. */
  INGESTION_PORT: Port(4001),
  /** Address on which capture listens. */
  INGESTION_BIND: Type.String({ minLength: 1, default: '0.0.0.0' }),
  /** The service's own API. */
  INGESTION_API_PORT: Port(4011),
  BANSO_SERVICE_TOKEN_INGESTION: ServiceToken,
  BANSO_MASTER_KEY: MasterKeyText,
  /** Days in which a repeated messageId is known. */
  INGESTION_RECEIPT_DAYS: Type.Integer({ minimum: RAW_RETENTION_DAYS + 1, maximum: 3_650, default: 7 }),
  /** What this process does: take events, sort them, or both. The own API is there in each. */
  INGESTION_ROLE: Type.Union([Type.Literal('all'), Type.Literal('capture'), Type.Literal('sorter')], {
    default: 'all',
  }),
  /** Capture goes on with the trace that a request names, instead of linking to it; only where all who hold a key are yours. */
  INGESTION_CONTINUE_TRACES: Type.Boolean({ default: false }),
  /** Milliseconds that an append may take before its events go to the spool. */
  INGESTION_APPEND_LIMIT_MS: Type.Integer({ minimum: 100, maximum: 8_000, default: 3_000 }),
})
export type IngestionConfig = ServiceConfig<typeof Settings>

export const loadConfig = (env: Environment = process.env): IngestionConfig => configOf('ingestion', Settings, env)
