import type { TopicDeclaration } from '@banso/contracts'
import { randomUUID } from 'node:crypto'
import type { AppendRecord, Batch, Consumption, EventLog, LogRecord, TopicPartition } from '../event-log.ts'

/** What an adapter gives the suite. */
export interface LogHarness {
  /** A new client of the same log; the suite closes it. */
  open(): EventLog
  /** A client of a log that was made anew. */
  openAnother(): Promise<EventLog>
}

export const declare = (overrides: Partial<TopicDeclaration> = {}): TopicDeclaration => ({
  name: `test.${randomUUID()}.v1`,
  owner: 'ingestion',
  number: 1_000,
  key: 'account id',
  partitions: 4,
  retentionMs: null,
  compacted: false,
  trimmed: false,
  maxRecordBytes: 262_144,
  types: [],
  ...overrides,
})

export const recordFor = (
  topic: string,
  partition: number,
  value: string,
  overrides: Partial<AppendRecord> = {},
): AppendRecord => ({
  topic,
  partition,
  key: `key-${partition}`,
  value: Buffer.from(value),
  headers: { ce_id: value },
  ...overrides,
})

/** `count` records for one partition, with values `<prefix>0`, `<prefix>1`, … */
export const recordsFor = (topic: string, partition: number, count: number, prefix = ''): AppendRecord[] =>
  Array.from({ length: count }, (_, n) => recordFor(topic, partition, `${prefix}${n}`))

export const valuesOf = (records: readonly LogRecord[]): string[] => records.map(({ value }) => value.toString())

/** The clients and consumptions of one test, closed in the right order afterwards. */
export class Opened {
  readonly #harness: LogHarness
  readonly #logs: EventLog[] = []
  readonly #consumptions: Consumption[] = []

  constructor(harness: LogHarness) {
    this.#harness = harness
  }

  log(): EventLog {
    const log = this.#harness.open()
    this.#logs.push(log)
    return log
  }

  async another(): Promise<EventLog> {
    const log = await this.#harness.openAnother()
    this.#logs.push(log)
    return log
  }

  async consume(log: EventLog, options: Parameters<EventLog['consume']>[0]): Promise<Consumption> {
    const consumption = await log.consume(options)
    this.#consumptions.push(consumption)
    return consumption
  }

  async close(): Promise<void> {
    await Promise.all(this.#consumptions.map((consumption) => consumption.stop()))
    await Promise.all(this.#logs.map((log) => log.close()))
  }
}

/** What a group has done, with the position fence that the runner keeps in its database. */
export class Ledger {
  readonly effects: LogRecord[] = []
  readonly batches: Batch[] = []
  readonly #next = new Map<string, number>()

  readonly start = async ({ topic, partition }: TopicPartition): Promise<number> =>
    this.#next.get(`${topic}/${partition}`) ?? 0

  /** Applies what is new of the batch and answers where the group stands. */
  apply(batch: Batch): { next: number; pauseMs: number } {
    this.batches.push(batch)
    const name = `${batch.topic}/${batch.partition}`
    const from = this.#next.get(name) ?? 0
    this.effects.push(...batch.records.filter(({ offset }) => offset >= from))
    const next = Math.max(from, (batch.records.at(-1)?.offset ?? 0) + 1)
    this.#next.set(name, next)
    return { next, pauseMs: 0 }
  }

  valuesOn(partition: number): string[] {
    return valuesOf(this.effects.filter((record) => record.partition === partition))
  }
}

export const unexpectedCrash = (fault: unknown): void => {
  throw new Error('the consumption crashed', { cause: fault })
}
