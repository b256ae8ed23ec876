import { Kafka, type KafkaConfig, logLevel, type LogEntry, type RetryOptions } from 'kafkajs'
import type { LogNotices } from '../notices.ts'
import { guardRequestQueue } from './request-queue.ts'

export interface KafkaClientOptions {
  /** `host:port` */
  readonly brokers: readonly string[]
  readonly clientId: string
  readonly notices?: LogNotices
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
const SAY_AGAIN_MS = 30_000
const MOST_REMEMBERED = 500

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
    logCreator: () => noticesTo(options.notices),
  }
  return new Kafka(config)
}

/** A broker that is away makes kafkajs say the same many times a second: once in a while is enough. */
const noticesTo = (notices: LogNotices | undefined): ((entry: LogEntry) => void) => {
  const said = new Map<string, number>()
  return ({ level, namespace, log }) => {
    const { message, timestamp: _, logger: __, ...details } = log
    if (Date.now() - (said.get(message) ?? 0) < SAY_AGAIN_MS) return
    if (said.size >= MOST_REMEMBERED) said.clear()
    said.set(message, Date.now())
    if (level === logLevel.ERROR) notices?.error({ kafka: namespace, ...details }, message)
    else notices?.warn({ kafka: namespace, ...details }, message)
  }
}
