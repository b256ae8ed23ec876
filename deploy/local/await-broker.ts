import { setTimeout as sleep } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { securedBy } from '../../libs/messaging/src/log/kafka/connection.ts'
import type { KafkaSecurity } from '../../libs/messaging/src/log/kafka/kafka-settings.ts'
import { refusalWords } from '../../libs/messaging/src/log/kafka/refusal-words.ts'
import { guardRequestQueue } from '../../libs/messaging/src/log/kafka/request-queue.ts'

/** A broker answers, and does not let us in: waiting is of no use. */
export class BrokerRefusesError extends Error {
  override readonly name = 'BrokerRefusesError'
}

const ANSWER_MS = 2_000
const ANSWER_BY_TLS_MS = 10_000

guardRequestQueue()

/** How many brokers the one at `address` knows; rejects when it does not answer. */
const knownBrokers = async (address: string, security: KafkaSecurity): Promise<number> => {
  const limit = security.tls ? ANSWER_BY_TLS_MS : ANSWER_MS
  const admin = new Kafka({
    ...securedBy(security),
    brokers: [address],
    connectionTimeout: limit,
    requestTimeout: limit,
    retry: { retries: 0 },
    logLevel: logLevel.NOTHING,
  }).admin()
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length
  } finally {
    await admin.disconnect()
  }
}

/** Resolves when the broker at `host:port` serves; rejects at once with a `BrokerRefusesError` where it does not let us in. */
export const waitForBroker = async (
  address: string,
  timeoutMs: number,
  security: KafkaSecurity = {},
): Promise<void> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      if ((await knownBrokers(address, security)) > 0) return
    } catch (fault) {
      const refusal = refusalWords(fault)
      if (refusal !== undefined) throw new BrokerRefusesError(refusal, { cause: fault })
      if (Date.now() > deadline) throw new Error(`Kafka does not answer at ${address}`, { cause: fault })
    }
    await sleep(50)
  }
}
