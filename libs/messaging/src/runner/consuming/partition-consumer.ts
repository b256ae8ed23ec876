import type { Logger } from '@banso/platform'
import type { Batch, Continue, LogRecord, TopicPartition } from '../../log/event-log.ts'
import type { Fetched } from '../chunk/admission.ts'
import { isAway, isInfrastructure } from '../faults.ts'
import { checkRecordBefore } from '../progress/check-position.ts'
import type { Position } from '../progress/consumer-progress.ts'
import { ChunkSize } from './chunk-size.ts'
import type { GroupPositions } from './group-positions.ts'
import type { ChunkRequest, ChunkResult } from './process-chunk.ts'

/** What a partition's consumer works with. */
export interface PartitionConsumerOptions {
  readonly positions: GroupPositions
  readonly logger: Logger
  readonly process: (chunk: ChunkRequest) => Promise<ChunkResult>
  /** Puts the only record of a chunk aside that fails whatever its handler does. */
  readonly giveUp: (chunk: ChunkRequest, fault: unknown) => Promise<ChunkResult>
  readonly paused: () => void
}

/** How long a group that is stopped, or waits at its mark, waits before it looks again. Milliseconds. */
const LOOK_AGAIN_MS = 1_000
const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000
/** At most so many count while a store is away: a pause of 2 s. */
const FAILURES_AWAY = 2

/** Cuts the batches of one partition into chunks and has them processed, one after the other. */
export class PartitionConsumer {
  readonly #size = new ChunkSize()
  #fetched: Fetched = { from: 0, epoch: 0 }
  /** Until the record before it was compared. */
  #unchecked: Position | undefined
  /** The group was stopped: where to start must be asked again. */
  #stopped = false
  #failures = 0

  constructor(
    private readonly at: TopicPartition,
    private readonly options: PartitionConsumerOptions,
  ) {}

  /** Whether its last chunk could not be committed, or where to start could not be told. */
  get degraded(): boolean {
    return this.#failures > 0
  }

  /** Never rejects: where to start is asked again, and what is in the way is said once. */
  async start(): Promise<number | 'hold'> {
    try {
      return await this.#begin()
    } catch (err) {
      if (this.#failures === 0) this.options.logger.warn({ err, ...this.at }, 'a partition cannot be consumed yet')
      this.#failures += 1
      return 'hold'
    }
  }

  async #begin(): Promise<number | 'hold'> {
    const start = await this.options.positions.start(this.at)
    this.#failures = 0
    if (!start) return 'hold'
    this.#fetched = { from: start.from, epoch: start.position.epoch }
    this.#unchecked = start.from < start.position.next ? start.position : undefined
    this.#stopped = false
    return start.from
  }

  /** Never rejects. */
  async consume(batch: Batch, signal: AbortSignal): Promise<Continue> {
    try {
      if (this.#stopped && (await this.#begin()) !== batch.records[0]?.offset) return this.#again(LOOK_AGAIN_MS)
      const records = await this.#compared(batch.records)
      return records ? await this.#inChunks(records, signal) : this.#again(LOOK_AGAIN_MS)
    } catch (err) {
      // However long a store was away: what fails when it is back is tried again soon.
      this.#failures = isAway(err) ? Math.min(this.#failures + 1, FAILURES_AWAY) : this.#failures + 1
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (this.#failures - 1))
      this.options.paused()
      this.options.logger.warn({ err, ...this.at, pauseMs }, 'a chunk was not committed and is run again')
      return this.#again(pauseMs)
    }
  }

  #again(pauseMs: number): Continue {
    return { next: this.#fetched.from, pauseMs }
  }

  /** What is left of the records after the one before the position was compared; undefined stops the group. */
  async #compared(records: readonly LogRecord[]): Promise<readonly LogRecord[] | undefined> {
    const [before] = records
    if (!this.#unchecked || !before) return records
    const fault = checkRecordBefore(this.#unchecked, before)
    if (fault !== undefined) {
      await this.options.positions.stop(fault, this.#unchecked)
      this.#stopped = true
      return undefined
    }
    this.#fetched = { ...this.#fetched, from: this.#unchecked.next }
    this.#unchecked = undefined
    return records.filter((record) => record.offset >= this.#fetched.from)
  }

  async #inChunks(records: readonly LogRecord[], signal: AbortSignal): Promise<Continue> {
    let rest = records
    while (rest.length > 0 && !signal.aborted) {
      const result = await this.#chunk(rest.slice(0, this.#size.current))
      if (!result) continue
      this.#failures = 0
      const { position } = result
      this.#fetched = { from: position.next, epoch: position.epoch }
      this.#stopped = result.kind === 'refused' && result.why === 'stopped'
      if (result.kind === 'refused') return this.#again(result.why === 'elsewhere' ? 0 : LOOK_AGAIN_MS)
      rest = rest.filter((record) => record.offset >= position.next)
    }
    return this.#again(0)
  }

  /** undefined: not the infrastructure failed, but something in it; try a smaller one. */
  async #chunk(records: readonly LogRecord[]): Promise<ChunkResult | undefined> {
    const chunk: ChunkRequest = { ...this.at, ...this.#fetched, records }
    const began = performance.now()
    try {
      const result = await this.options.process(chunk)
      this.#size.took(performance.now() - began)
      return result
    } catch (fault) {
      if (isInfrastructure(fault)) throw fault
      if (records.length === 1) return this.options.giveUp(chunk, fault)
      this.options.logger.warn({ err: fault, ...this.at, records: records.length }, 'a chunk failed and is divided')
      while (this.#size.current >= records.length) this.#size.halve()
      return undefined
    }
  }
}
