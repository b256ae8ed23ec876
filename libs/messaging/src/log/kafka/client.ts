import { Kafka, type KafkaConfig, logLevel, type LogEntry, type RetryOptions } from 'kafkajs'
import { securedBy } from './connection.ts'
import type { KafkaSecurity } from './kafka-settings.ts'
import { guardRequestQueue } from './request-queue.ts'

export interface KafkaClientOptions {
  /** `host:port` */
  readonly brokers: readonly string[]
  readonly clientId: string
  /** Default: plain text, as nobody. */
  readonly security?: KafkaSecurity
  /** Hears what kafkajs says: `noticesTo`. */
  readonly hear?: (entry: LogEntry) => void
}

/** kafkajs has other defaults under NODE_ENV=test, so every client and part of it is given its retries. */
export const RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  factor: 0.2,
  multiplier: 2,
  retries: 5,
} as const satisfies RetryOptions

/** Milliseconds. By TLS a broker is far away, often, and some take more than a second. */
const CONNECTION_TIMEOUT_MS = { plain: 3_000, tls: 10_000 }

guardRequestQueue()

/** A kafkajs client with nothing left to its defaults. `requestTimeoutMs`: how long a broker may take to answer. */
export const createKafka = (
  options: KafkaClientOptions,
  requestTimeoutMs: number,
  retry: RetryOptions = RETRY,
): Kafka => {
  const { hear = () => {}, security = {} } = options
  const config: KafkaConfig = {
    ...securedBy(security),
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS[security.tls ? 'tls' : 'plain'],
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry,
    logLevel: options.hear ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => hear,
  }
  return new Kafka(config)
}
