import { StartRefusedError } from '@banso/platform'
import { EmbeddedEventLog } from './log/embedded/embedded-event-log.ts'
import type { EventLog } from './log/event-log.ts'
import { securityWarning } from './log/kafka/kafka-settings.ts'
import type { LogNotices } from './log/notices.ts'
import type { Presence } from './presence/presence.ts'
import type { LogSettings } from './settings.ts'

/** Token of the service's `EventLog`. */
export const EVENT_LOG = Symbol('EVENT_LOG')

export class NoLogError extends StartRefusedError {
  override readonly code = 'LOG_NOT_NAMED'
}

/**
 * Kafka when brokers are given, else the embedded log. Opens no connection yet. `presence`: of the process in its own
 * database, which tells Kafka's groups who is gone; the embedded log has one of its own. What speaks to Kafka is loaded with it.
 */
export const openLog = async (
  service: string,
  { kafkaBrokers, kafkaSecurity = {}, databaseUrl }: LogSettings,
  { notices, presence }: { readonly notices?: LogNotices; readonly presence?: Presence } = {},
): Promise<EventLog> => {
  const heard = notices && { notices }
  if (kafkaBrokers && kafkaBrokers.length > 0) {
    const warning = securityWarning(kafkaSecurity)
    if (warning !== undefined) notices?.warn({}, warning)
    const { KafkaEventLog } = await import('./log/kafka/kafka-event-log.ts')
    return new KafkaEventLog({
      brokers: kafkaBrokers,
      clientId: service,
      security: kafkaSecurity,
      ...heard,
      ...(presence && { presence }),
    })
  }
  if (databaseUrl !== undefined) return new EmbeddedEventLog({ url: databaseUrl, ...heard })
  throw new NoLogError('KAFKA_BROKERS or BANSO_LOG_DATABASE_URL must be set')
}
