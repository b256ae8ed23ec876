import { EmbeddedEventLog, type EventLog } from '@banso/messaging'
import { KafkaEventLog } from '@banso/messaging/kafka'

/** `brokers`: of a Kafka; none: the log is in the database. */
export const openLog = (brokers: string | undefined, databaseUrl: string): EventLog =>
  brokers
    ? new KafkaEventLog({ brokers: brokers.split(','), clientId: 'bench' })
    : new EmbeddedEventLog({ url: databaseUrl })
