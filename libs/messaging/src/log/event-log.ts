import type { Headers, TopicDeclaration } from '@banso/contracts'
import type { DatabaseFacts } from '@banso/platform'

/** A record to append. The caller chooses the partition (`partitionOf`). */
export interface AppendRecord {
  readonly topic: string
  readonly partition: number
  readonly key: string
  readonly value: Buffer
  readonly headers: Headers
}

export interface LogRecord extends AppendRecord {
  readonly offset: number
  readonly appendedAt: Date
}

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Batch extends TopicPartition {
  /** In offset order, never empty; offsets may have gaps on compacted topics. */
  readonly records: readonly LogRecord[]
  /** Offset after the last record of the partition when this batch was fetched. */
  readonly end: number
}

/** Where consuming of this partition goes on, and after which pause (0: at once). */
export interface Continue {
  readonly next: number
  readonly pauseMs: number
}

export interface ConsumeOptions {
  readonly group: string
  readonly topics: readonly string[]
  /**
   * Where to begin, asked at every assignment of a partition. 'hold': do not consume this partition now; it is asked
   * again later (about every second).
   */
  start(partition: TopicPartition): Promise<number | 'hold'>
  /**
   * Called for one batch of a partition at a time, several partitions may be under way at once. Must not reject; a
   * rejection counts as a crash. `signal` aborts when the partition is lost or the consumption stops: finish or give up.
   */
  onBatch(batch: Batch, signal: AbortSignal): Promise<Continue>
  /** The consumption ended by itself and will not come back. */
  onCrash(fault: unknown): void
  /** Most bytes and records of one batch handed to `onBatch`; default 1 MiB, 1,000 records. */
  readonly maxBatchBytes?: number
  readonly maxBatchRecords?: number
}

export interface PartitionLag extends TopicPartition {
  readonly next: number
  readonly end: number
}

export interface Consumption {
  /** Resolves when no `onBatch` is under way and the group is left. */
  stop(): Promise<void>
  /** What this member is assigned now, with the lag as last seen. */
  assignment(): readonly PartitionLag[]
  /** Time of the newest sign of life (fetch, heartbeat, or batch done) of this consumption. */
  aliveAt(): Date
}

export interface PartitionPositions extends TopicPartition {
  /** First offset still there. */
  readonly start: number
  /** Offset that the next record will get. */
  readonly end: number
}

/** How a topic of the log differs from its declaration, in words: `partitions is 8, declared is 16`. */
export interface TopicDifferences {
  readonly topic: string
  readonly differences: readonly string[]
}

/** The difference of a topic that is not there. */
export const MISSING = 'it is missing'

/** What an operator should know of a log. */
export interface LogFacts {
  readonly kind: 'embedded' | 'kafka'
  readonly id: string
  /** Of the server; null: it does not tell. */
  readonly version: string | null
  /** Of the embedded log alone. */
  readonly database: DatabaseFacts | null
  /** Topics that are not as declared. */
  readonly topics: readonly TopicDifferences[]
}

/**
 * A partitioned, durable, ordered log. Two adapters (Kafka, embedded in Postgres) pass the same suite
 * (`event-log.suite.ts`).
 */
export interface EventLog {
  /** Names the log: another id means another log, positions in it mean nothing. */
  id(): Promise<string>
  /** Makes what is missing; a topic that exists with other settings is an error, `TopicMismatchError`. */
  ensureTopics(topics: readonly TopicDeclaration[]): Promise<void>
  /**
   * Resolves only when every record is durable. Per partition, records get their offsets in the order given, and a later
   * append of this process never overtakes an earlier one. Rejects with `AppendError` (names the records that are not
   * confirmed; they may or may not be there) or `RecordTooLargeError` (nothing was sent).
   */
  append(records: readonly AppendRecord[]): Promise<void>
  consume(options: ConsumeOptions): Promise<Consumption>
  positions(topic: string): Promise<readonly PartitionPositions[]>
  /** Deletes records before `before`; only on topics declared `trimmed`. */
  trim(partition: TopicPartition, before: number): Promise<void>
  /** Up to `limit` records from `from` on, without a group. Empty at the end. */
  read(partition: TopicPartition, from: number, limit: number): Promise<readonly LogRecord[]>
  /** Compares the log with what is declared; makes no topic and changes none. */
  inspect(topics: readonly TopicDeclaration[]): Promise<LogFacts>
  /** Rejects when the log cannot be reached (readiness). */
  ping(): Promise<void>
  close(): Promise<void>
}
