import { HEADER, topics } from '@banso/contracts'
import {
  type ChunkRequest,
  type ChunkResult,
  ConsumerProgress,
  type EventLog,
  type Position,
  positionFence,
  RecordSpans,
  refusalOf,
  type RunnerMetrics,
} from '@banso/messaging'
import { BansoError, type Clock, type Logger, type Tracing } from '@banso/platform'
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
  readonly tracing: Tracing
}

type ReadRecord = typeof readEntry | typeof putAside

/** What of a partition's chunk is sorted, and where the partition stood. */
interface Part {
  readonly position: Position
  readonly entries: readonly (Entry | UndecodableEntry)[]
}

/** What the first transaction of a round has decided. */
interface Sorted {
  /** By partition. */
  readonly refused: ReadonlyMap<number, ChunkResult>
  readonly parts: readonly Part[]
  readonly plan: ChunkPlan
}

/**
 * The raw log → receipts → typed topics, a round of chunks of several partitions at a time. What fails is done again from
 * the same position: the same records get the same receipts, outputs and sequences, and consumers drop what they have.
 */
export class Sorter {
  readonly #progress = new ConsumerProgress(SORTER_GROUP)

  constructor(private readonly parts: SorterParts) {}

  /** May be called again with the same chunks, whatever happened in between. */
  async process(chunks: readonly ChunkRequest[], read: ReadRecord = readEntry): Promise<readonly ChunkResult[]> {
    const { log, clock, metrics, runnerMetrics, tracing } = this.parts
    const labels = { group: SORTER_GROUP, topic: topics.received.name }
    const stopTimer = runnerMetrics.chunkSeconds.startTimer(labels)
    const now = clock.now()
    const records = chunks.flatMap((chunk) => chunk.records)
    const spans = RecordSpans.ofProcessing(tracing, SORTER_GROUP, records)
    const sorted = await this.parts.chunks.inTransaction((tx) => this.#sort(tx, chunks, read, now))
    await log.append(sorted.plan.outputs)
    const passed = await this.parts.database.transaction((tx) => this.#pass(tx, sorted, now))
    stopTimer()
    runnerMetrics.chunkSize.observe(labels, records.length)
    if (passed.kind === 'committed') {
      metrics.countSorted(sorted.plan)
      spans?.end()
    }
    return chunks.map(({ partition }) => resultOf(partition, sorted, passed))
  }

  /** Puts the only record of a chunk aside that the database or the log refuses, so that others are not held up. */
  async giveUp(chunk: ChunkRequest, fault: unknown): Promise<ChunkResult> {
    if (fault instanceof OvertakenError) throw fault
    if (!(fault instanceof QueryFailedError) && !(fault instanceof BansoError)) throw fault
    const { topic, partition, records } = chunk
    this.parts.logger.error({ err: fault, topic, partition, offset: records[0]?.offset }, 'a raw record is put aside')
    const [result] = await this.process([chunk], putAside)
    if (!result) throw fault
    return result
  }

  async #sort(tx: EntityManager, chunks: readonly ChunkRequest[], read: ReadRecord, now: Date): Promise<Sorted> {
    const positions = await this.#progress.lockAll(tx, chunks)
    const refused = new Map<number, ChunkResult>()
    const parts = positions.flatMap((position): Part[] => {
      const chunk = chunks.find(({ partition }) => partition === position.partition)
      const why = chunk ? refusalOf(position, chunk) : 'elsewhere'
      if (why) refused.set(position.partition, { kind: 'refused', why, position })
      if (why || !chunk) return []
      const records = positionFence(chunk.records, position.next)
      return [{ position, entries: records.map((record) => read(record, position.logId)) }]
    })
    const entries = parts.flatMap((part) => part.entries)
    return { refused, parts, plan: await this.parts.chunks.sort(tx, entries, now) }
  }

  /** Repeats are counted here, under the locks that move the positions: work done twice counts them once. */
  async #pass(tx: EntityManager, { parts, plan }: Sorted, now: Date): Promise<Passed> {
    if (parts.length === 0) return { kind: 'committed', positions: [] }
    const stands = await this.#progress.lockAll(
      tx,
      parts.map(({ position }) => position),
    )
    const isWhere = ({ position }: Part, index: number): boolean =>
      stands[index]?.next === position.next && refusalOf(stands[index], fetchedAt(position)) === undefined
    if (!parts.every(isWhere)) return { kind: 'elsewhere', positions: stands }
    if (plan.repeats.length > 0) await receipts.countRepeats(tx, plan.repeats)
    const positions = parts.map(positionAfter)
    await this.#progress.advance(tx, positions)
    await trimMarks.set(tx, positions, now.toISOString().slice(0, 10))
    return { kind: 'committed', positions }
  }
}

/** What became of the second transaction: `elsewhere`: another sorter moved one of the partitions, nothing was kept. */
interface Passed {
  readonly kind: 'committed' | 'elsewhere'
  readonly positions: readonly Position[]
}

const fetchedAt = ({ next, epoch }: Position) => ({ from: next, epoch })

const positionAfter = ({ position, entries }: Part): Position => {
  const last = entries.at(-1)
  return last ? { ...position, next: last.at.offset + 1, lastCeId: last.record.headers[HEADER.id] ?? null } : position
}

const resultOf = (partition: number, { refused }: Sorted, { kind, positions }: Passed): ChunkResult => {
  const known = refused.get(partition)
  if (known) return known
  const position = positions.find((one) => one.partition === partition)
  if (!position) throw new Error(`partition ${partition} was neither sorted nor refused`)
  return kind === 'committed' ? { kind, position } : { kind: 'refused', why: 'elsewhere', position }
}
