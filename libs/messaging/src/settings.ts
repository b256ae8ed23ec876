import { listOf, platformSettings, PostgresUrl } from '@banso/platform'
import Type, { type TProperties } from 'typebox'
import {
  type KafkaSecurity,
  kafkaSecurity,
  kafkaSettings,
  type KafkaSettings,
  withKafkaRules,
} from './log/kafka/kafka-settings.ts'

/** Which log a service speaks over: Kafka when KAFKA_BROKERS is set, else the embedded log. */
const messagingSettings = {
  ...kafkaSettings,
  /** The embedded log's own database. */
  BANSO_LOG_DATABASE_URL: Type.Optional(PostgresUrl),
}

/** The schema of a service's settings: `own`, and those of every service. */
export const serviceSettings = <P extends TProperties>(own: P) =>
  withKafkaRules(Type.Object({ ...platformSettings, ...messagingSettings, ...own }))

export interface LogSettings {
  readonly kafkaBrokers?: readonly string[]
  /** Default: plain text, as nobody. */
  readonly kafkaSecurity?: KafkaSecurity
  readonly databaseUrl?: string
}

/** The `log` of `MessagingModule.forRoot`, from the settings of a service. */
export const logSettings = (
  settings: Partial<KafkaSettings> & { readonly BANSO_LOG_DATABASE_URL?: string },
): LogSettings => ({
  ...(settings.KAFKA_BROKERS !== undefined && {
    kafkaBrokers: listOf(settings.KAFKA_BROKERS),
    kafkaSecurity: kafkaSecurity(settings),
  }),
  ...(settings.BANSO_LOG_DATABASE_URL !== undefined && { databaseUrl: settings.BANSO_LOG_DATABASE_URL }),
})
