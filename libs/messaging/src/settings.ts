import { listOf, PostgresUrl } from '@banso/platform'
import Type from 'typebox'

/** Which log a service speaks over; spread into its schema. Kafka when KAFKA_BROKERS is set, else the embedded log. */
export const messagingSettings = {
  /** `host:port`, separated by commas. */
  KAFKA_BROKERS: Type.Optional(Type.String({ minLength: 1 })),
  /** The embedded log's own database. */
  BANSO_LOG_DATABASE_URL: Type.Optional(PostgresUrl),
}

export interface LogSettings {
  readonly kafkaBrokers?: readonly string[]
  readonly databaseUrl?: string
}

/** The `log` of `MessagingModule.forRoot`, from the settings of a service. */
export const logSettings = (settings: {
  readonly KAFKA_BROKERS?: string
  readonly BANSO_LOG_DATABASE_URL?: string
}): LogSettings => ({
  ...(settings.KAFKA_BROKERS !== undefined && { kafkaBrokers: listOf(settings.KAFKA_BROKERS) }),
  ...(settings.BANSO_LOG_DATABASE_URL !== undefined && { databaseUrl: settings.BANSO_LOG_DATABASE_URL }),
})
