import { Kafka, type KafkaConfig, logLevel, type LogEntry, type RetryOptions } from 'kafkajs'
import { guardRequestQueue } from './request-queue.ts'

/** Takes what kafkajs has to say; the platform's logger fits. */
export interface KafkaNotices {
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

export interface KafkaClientOptions {
  /** `host:port` */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly notices?: KafkaNotices
}

/** kafkajs has other defaults under NODE_ENV=test, so every client and part of it is given its retries. */
export const RETRY = {
  initialRetryTime: 100,
  maxRetryTime: 2_000,
  factor: 0.2,
  multiplier: 2,
  retries: 5,
} as const satisfies RetryOptions

const CONNECTION_TIMEOUT_MS = 3_000

guardRequestQueue()

/** A kafkajs client with nothing left to its defaults. `requestTimeoutMs`: how long a broker may take to answer. */
export const createKafka = (
  options: KafkaClientOptions,
  requestTimeoutMs: number,
  retry: RetryOptions = RETRY,
): Kafka => {
  const config: KafkaConfig = {
    brokers: [...options.brokers],
    clientId: options.clientId,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    requestTimeout: requestTimeoutMs,
    enforceRequestTimeout: true,
    retry,
    logLevel: options.notices ? logLevel.WARN : logLevel.NOTHING,
    logCreator: () => (entry) => notice(options.notices, entry),
  }
  return new Kafka(config)
}

const notice = (notices: KafkaNotices | undefined, { level, namespace, log }: LogEntry): void => {
  const { message, timestamp: _, logger: __, ...details } = log
  if (level === logLevel.ERROR) notices?.error({ kafka: namespace, ...details }, message)
  else notices?.warn({ kafka: namespace, ...details }, message)
}
