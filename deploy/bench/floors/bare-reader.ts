// How every floor reads a log: what is in a topic or comes into it, of all partitions together, with nothing between. The
// embedded log by the port's own reads; Kafka by kafkajs alone, because the port's reads are for looking something up: each
// asks the cluster anew where the topic ends.
import type { EventLog, LogRecord } from '@banso/messaging'
import { type Batch, type Consumer, Kafka, logLevel } from 'kafkajs'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'

/** The log that a floor works on; `brokers`: of the Kafka that it is. */
export interface FloorLog {
  readonly log: Pick<EventLog, 'append' | 'positions' | 'read'>
  readonly brokers: string | undefined
}

export interface BareReader {
  /** The next ones: `least` at the least, once they are there, and about `most`. Fewer only when it was closed. */
  take(least: number, most: number): Promise<readonly LogRecord[]>
  close(): Promise<void>
}

/** `from`: where each partition begins. */
export const openReader = async (
  { log, brokers }: FloorLog,
  topic: string,
  from: ReadonlyMap<number, number>,
): Promise<BareReader> => {
  if (!brokers) return new PortReader(log, topic, from)
  const reader = new KafkaReader(brokers, from)
  await reader.start(topic)
  return reader
}

/** Milliseconds between looks at a log where nothing is new. */
const FIRST_PAUSE_MS = 4
const LONGEST_PAUSE_MS = 50

class PortReader implements BareReader {
  readonly #log: FloorLog['log']
  readonly #topic: string
  readonly #next: Map<number, number>
  #closed = false

  constructor(log: FloorLog['log'], topic: string, from: ReadonlyMap<number, number>) {
    this.#log = log
    this.#topic = topic
    this.#next = new Map(from)
  }

  async take(least: number, most: number): Promise<readonly LogRecord[]> {
    const taken: LogRecord[] = []
    for (let pauseMs = FIRST_PAUSE_MS; taken.length < least && !this.#closed;) {
      const news = await this.#news(most - taken.length)
      taken.push(...news)
      if (news.length > 0) continue
      await sleep(pauseMs)
      pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)
    }
    return taken
  }

  async close(): Promise<void> {
    this.#closed = true
  }

  async #news(most: number): Promise<readonly LogRecord[]> {
    const ends = await this.#log.positions(this.#topic)
    const open = ends.filter(({ partition, end }) => this.#at(partition) < end)
    const share = Math.max(1, Math.ceil(most / open.length))
    const read = await Promise.all(
      open.map(({ topic, partition }) => this.#log.read({ topic, partition }, this.#at(partition), share)),
    )
    for (const { partition, offset } of read.flatMap((records) => records.at(-1) ?? []))
      this.#next.set(partition, offset + 1)
    return read.flat()
  }

  #at(partition: number): number {
    return this.#next.get(partition) ?? 0
  }
}

/**
 * Records that were fetched and not taken yet; beyond, nothing more is fetched. As many as the lanes of a service hold for the
 * partitions of a topic: what was read before the clock ran is then the same share of both.
 */
const MOST_WAITING = 16_000
const LONG_POLL_MS = 250
const RETRY = { initialRetryTime: 100, retries: 5 }

class KafkaReader implements BareReader {
  readonly #next: Map<number, number>
  readonly #consumer: Consumer
  readonly #arrived: LogRecord[] = []
  #least = 1
  #change = Promise.withResolvers<void>()
  #ended: { readonly fault?: Error } | undefined

  constructor(brokers: string, from: ReadonlyMap<number, number>) {
    this.#next = new Map(from)
    const kafka = new Kafka({
      brokers: brokers.split(','),
      clientId: 'floor',
      logLevel: logLevel.NOTHING,
      retry: RETRY,
    })
    this.#consumer = kafka.consumer({
      groupId: `floor-${randomUUID()}`,
      maxWaitTimeInMs: LONG_POLL_MS,
      minBytes: 1,
      retry: RETRY,
    })
    this.#consumer.on(this.#consumer.events.CRASH, ({ payload }) => {
      if (!payload.restart) this.#end({ fault: payload.error })
    })
  }

  async start(topic: string): Promise<void> {
    await this.#consumer.connect()
    await this.#consumer.subscribe({ topics: [topic], fromBeginning: true })
    await this.#consumer.run({ autoCommit: false, eachBatch: ({ batch }) => this.#arrive(batch) })
    for (const [partition, offset] of this.#next) this.#consumer.seek({ topic, partition, offset: String(offset) })
  }

  async take(least: number, most: number): Promise<readonly LogRecord[]> {
    this.#least = least
    this.#changed()
    while (this.#arrived.length < least && !this.#ended) await this.#change.promise
    if (this.#ended?.fault) throw this.#ended.fault
    const taken = this.#arrived.splice(0, most)
    this.#changed()
    return taken
  }

  async close(): Promise<void> {
    this.#end({})
    await this.#consumer.disconnect()
  }

  /** What was fetched before the seek took hold, or twice, is passed over. */
  async #arrive({ topic, partition, messages }: Batch): Promise<void> {
    while (this.#arrived.length > Math.max(MOST_WAITING, this.#least) && !this.#ended) await this.#change.promise
    const next = this.#next.get(partition) ?? 0
    const news = messages.filter(({ offset }) => Number(offset) >= next)
    for (const { offset, timestamp, key, value, headers } of news)
      this.#arrived.push({
        topic,
        partition,
        offset: Number(offset),
        appendedAt: new Date(Number(timestamp)),
        key: key?.toString() ?? '',
        value: value ?? Buffer.alloc(0),
        headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, String(text)])),
      })
    this.#next.set(partition, Math.max(next, Number(news.at(-1)?.offset ?? -1) + 1))
    this.#changed()
  }

  #end(ended: { readonly fault?: Error }): void {
    this.#ended ??= ended
    this.#changed()
  }

  #changed(): void {
    this.#change.resolve()
    this.#change = Promise.withResolvers()
  }
}
