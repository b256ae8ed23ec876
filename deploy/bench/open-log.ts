import { EmbeddedEventLog, type EventLog, KafkaEventLog } from '@banso/messaging'

/** `brokers`: of a Kafka; none: the log is in the database. */
export const openLog = (brokers: string | undefined, databaseUrl: string): EventLog =>
  brokers
    ? new KafkaEventLog({ brokers: brokers.split(','), clientId: 'bench' })
    : new EmbeddedEventLog({ url: databaseUrl })
