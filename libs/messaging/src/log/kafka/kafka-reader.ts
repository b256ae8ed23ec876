import { setTimeout as wait } from 'node:timers/promises'
import type { LogRecord, TopicPartition } from '../event-log.ts'
import { createKafka, type KafkaClientOptions } from './client.ts'
import { createCluster, type KafkaCluster, READ_COMMITTED } from './cluster.ts'
import { toLogRecord } from './records.ts'

const REQUEST_TIMEOUT_MS = 10_000
const FETCH_WAIT_MS = 100
const FETCH_BYTES = 1_048_576
const ATTEMPTS = 6
const PAUSE_MS = 100

interface Stretch {
  readonly records: readonly LogRecord[]
  /** Offset after the last record there is. */
  readonly end: number
}

/** Reads stretches of partitions from their leaders, without a group. */
export class KafkaReader {
  readonly #options: KafkaClientOptions
  #cluster: Promise<KafkaCluster> | undefined

  constructor(options: KafkaClientOptions) {
    this.#options = options
  }

  /** Up to `limit` records from `from` on, which must be in the log or its end. */
  async read(partition: TopicPartition, from: number, limit: number): Promise<readonly LogRecord[]> {
    const found: LogRecord[] = []
    let next = from
    let end = Number.POSITIVE_INFINITY
    while (found.length < limit && next < end) {
      const stretch = await this.#stretch(partition, next)
      found.push(...stretch.records)
      end = stretch.end
      const last = stretch.records.at(-1)
      if (!last) break
      next = last.offset + 1
    }
    return found.slice(0, limit)
  }

  async close(): Promise<void> {
    const cluster = this.#cluster
    this.#cluster = undefined
    await cluster?.then((open) => open.disconnect()).catch(() => undefined)
  }

  /** Tries again with a new view of the cluster: the leader may have moved. */
  async #stretch(partition: TopicPartition, from: number): Promise<Stretch> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#fetch(partition, from)
      } catch (fault) {
        await this.close()
        if (attempt === ATTEMPTS || isOutOfRange(fault)) throw fault
        await wait(PAUSE_MS * attempt)
      }
    }
  }

  async #fetch({ topic, partition }: TopicPartition, from: number): Promise<Stretch> {
    const cluster = await this.#connected()
    await cluster.addTargetTopic(topic)
    const [leader] = Object.keys(cluster.findLeaderForPartitions(topic, [partition]))
    if (leader === undefined) throw new Error(`${topic} has no partition ${partition}`)
    const broker = await cluster.findBroker({ nodeId: leader })
    const { responses } = await broker.fetch({
      maxWaitTime: FETCH_WAIT_MS,
      minBytes: 1,
      maxBytes: FETCH_BYTES,
      isolationLevel: READ_COMMITTED,
      topics: [{ topic, partitions: [{ partition, fetchOffset: String(from), maxBytes: FETCH_BYTES }] }],
    })
    const answer = responses[0]?.partitions[0]
    const records = (answer?.messages ?? [])
      .filter((message) => message.isControlRecord !== true && Number(message.offset) >= from)
      .map((message) => toLogRecord({ topic, partition }, message))
    return { records, end: Number(answer?.highWatermark ?? 0) }
  }

  #connected(): Promise<KafkaCluster> {
    this.#cluster ??= this.#connect()
    return this.#cluster
  }

  async #connect(): Promise<KafkaCluster> {
    const cluster = createCluster(createKafka(this.#options, REQUEST_TIMEOUT_MS))
    await cluster.connect()
    return cluster
  }
}

const isOutOfRange = (fault: unknown): boolean => fault instanceof Error && fault.name === 'KafkaJSOffsetOutOfRange'
