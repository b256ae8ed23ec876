import { HEADER } from '@banso/contracts'
import {
  type ChunkRequest,
  type ChunkResult,
  ConsumerProgress,
  type EventLog,
  type Position,
  positionFence,
  refusalOf,
  type RunnerMetrics,
} from '@banso/messaging'
import { BansoError, type Clock, type Logger } from '@banso/platform'
import { type DataSource, type EntityManager, QueryFailedError } from 'typeorm'
import { receipts } from '../store/receipts.ts'
import { trimMarks } from '../store/trim-marks.ts'
import type { ChunkPlan } from './chunk-plan.ts'
import { type Entry, putAside, readEntry, type UndecodableEntry } from './entry.ts'
import { type ChunkSorter, OvertakenError } from './sort-chunk.ts'
import type { SorterMetrics } from './sorter-metrics.ts'

export const SORTER_GROUP = 'ingestion-sorter'

export interface SorterParts {
  readonly database: DataSource
  readonly log: Pick<EventLog, 'append'>
  readonly chunks: ChunkSorter
  readonly metrics: SorterMetrics
  readonly runnerMetrics: RunnerMetrics
  readonly clock: Clock
  readonly logger: Logger
}

type ReadRecord = typeof readEntry | typeof putAside

/** What the first transaction of a chunk has decided. */
interface Sorted {
  readonly position: Position
  readonly entries: readonly (Entry | UndecodableEntry)[]
  readonly plan: ChunkPlan
}

/**
 * The raw log → receipts → typed topics, chunk by chunk. What fails is done again from the same position: the same
 * records get the same receipts, outputs and sequences, and consumers drop what they have.
 */
export class Sorter {
  readonly #progress = new ConsumerProgress(SORTER_GROUP)

  constructor(private readonly parts: SorterParts) {}

  /** May be called again with the same chunk, whatever happened in between. */
  async process(chunk: ChunkRequest, read: ReadRecord = readEntry): Promise<ChunkResult> {
    const { log, clock, metrics, runnerMetrics } = this.parts
    const stopTimer = runnerMetrics.chunkSeconds.startTimer({ group: SORTER_GROUP, topic: chunk.topic })
    const now = clock.now()
    const sorted = await this.parts.chunks.inTransaction((tx) => this.#sort(tx, chunk, read, now))
    if ('kind' in sorted) return sorted
    await log.append(sorted.plan.outputs)
    const result = await this.parts.database.transaction((tx) => this.#pass(tx, chunk, sorted, now))
    stopTimer()
    if (result.kind === 'committed') metrics.countSorted(sorted.plan)
    return result
  }

  /** Puts the only record of a chunk aside that the database or the log refuses, so that others are not held up. */
  async giveUp(chunk: ChunkRequest, fault: unknown): Promise<ChunkResult> {
    if (fault instanceof OvertakenError) throw fault
    if (!(fault instanceof QueryFailedError) && !(fault instanceof BansoError)) throw fault
    const { topic, partition, records } = chunk
    this.parts.logger.error({ err: fault, topic, partition, offset: records[0]?.offset }, 'a raw record is put aside')
    return this.process(chunk, putAside)
  }

  async #sort(tx: EntityManager, chunk: ChunkRequest, read: ReadRecord, now: Date): Promise<Sorted | ChunkResult> {
    const position = await this.#progress.lock(tx, chunk)
    const why = refusalOf(position, chunk)
    if (why) return { kind: 'refused', why, position }
    const records = positionFence(chunk.records, position.next)
    const entries = records.map((record) => read(record, position.logId))
    return { position, entries, plan: await this.parts.chunks.sort(tx, entries, now) }
  }

  /** Repeats are counted here, under the lock that moves the position: work done twice counts them once. */
  async #pass(tx: EntityManager, chunk: ChunkRequest, { position, entries, plan }: Sorted, now: Date) {
    const stands = await this.#progress.lock(tx, chunk)
    const why = stands.next === position.next ? refusalOf(stands, chunk) : 'elsewhere'
    if (why) return { kind: 'refused', why, position: stands } as const
    const last = entries.at(-1)
    if (!last) return { kind: 'committed', position: stands } as const
    if (plan.repeats.length > 0) await receipts.countRepeats(tx, plan.repeats)
    const next = last.at.offset + 1
    const lastCeId = last.record.headers[HEADER.id] ?? null
    await this.#progress.advance(tx, chunk, { next, lastCeId })
    const passedOn = now.toISOString().slice(0, 10)
    await trimMarks.set(tx, position.logId, { partition: chunk.partition, offset: next, passedOn })
    return { kind: 'committed', position: { ...stands, next, lastCeId } } as const
  }
}
