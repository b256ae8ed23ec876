import { setTimeout as wait } from 'node:timers/promises'
import type { Kafka, Producer, TopicMessages } from 'kafkajs'
import { AppendQueue, type Unconfirmed } from '../append-queue.ts'
import type { AppendRecord } from '../event-log.ts'
import { createKafka, type KafkaClientOptions, RETRY } from './client.ts'
import { ownPartitions } from './partition-choice.ts'
import { Round } from './round.ts'

/** Milliseconds. */
const REQUEST_TIMEOUT_MS = 5_000
const BROKER_TIMEOUT_MS = 4_000
const METADATA_MAX_AGE_MS = 30_000
const FIRST_PAUSE_MS = 50
const LONGEST_PAUSE_MS = 1_000
const ALL_REPLICAS = -1

/**
 * Sends one round at a time, so one send per partition is in flight, and sends exactly what was not answered again
 * before anything newer. kafkajs itself never tries again: after a leader has moved it takes an old answer for a new one.
 */
export class KafkaAppender {
  readonly #kafka: Kafka
  readonly #timeoutMs: number
  readonly #queue = new AppendQueue((records) => this.#send(records))
  readonly #closing = new AbortController()
  #producer: Producer | undefined

  /** `timeoutMs`: how long a round is tried again before it counts as not confirmed. */
  constructor(options: KafkaClientOptions, timeoutMs: number) {
    this.#kafka = createKafka(options, REQUEST_TIMEOUT_MS, { ...RETRY, retries: 1 })
    this.#timeoutMs = timeoutMs
  }

  append(records: readonly AppendRecord[]): Promise<void> {
    return this.#queue.append(records)
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#queue.idle()
    await this.#discard()
  }

  async #send(records: readonly AppendRecord[]): Promise<Unconfirmed> {
    const round = new Round(records)
    const deadline = performance.now() + this.#timeoutMs
    let cause = await this.#attempt(round, round.together())
    for (let pauseMs = FIRST_PAUSE_MS; !round.isConfirmed; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      if (performance.now() >= deadline || this.#closing.signal.aborted) return { records: round.unconfirmed(), cause }
      await wait(pauseMs, undefined, { signal: this.#closing.signal }).catch(() => undefined)
      cause = await this.#attempt(round, round.apart())
    }
    return { records: [] }
  }

  /** Resolves with the reason when something of the round stays open. */
  async #attempt(round: Round, requests: readonly TopicMessages[][]): Promise<unknown> {
    try {
      const producer = await this.#connected()
      const sends = requests.map((topicMessages) =>
        producer.sendBatch({ acks: ALL_REPLICAS, timeout: BROKER_TIMEOUT_MS, topicMessages }),
      )
      const results = await Promise.allSettled(sends)
      for (const result of results) if (result.status === 'fulfilled') round.confirm(result.value)
      if (round.isConfirmed) return undefined
      const failed = results.find((result) => result.status === 'rejected')
      if (failed) return failed.reason
      // An answer left a partition out: this producer's view of the leaders is old, and only a new one looks again.
      await this.#discard()
      return new Error('the broker did not answer for every partition')
    } catch (fault) {
      return fault
    }
  }

  async #connected(): Promise<Producer> {
    if (this.#producer) return this.#producer
    const producer = this.#kafka.producer({
      createPartitioner: ownPartitions,
      allowAutoTopicCreation: false,
      idempotent: false,
      metadataMaxAge: METADATA_MAX_AGE_MS,
      retry: { ...RETRY, retries: 0 },
    })
    await producer.connect()
    this.#producer = producer
    return producer
  }

  async #discard(): Promise<void> {
    const producer = this.#producer
    this.#producer = undefined
    await producer?.disconnect().catch(() => undefined)
  }
}
