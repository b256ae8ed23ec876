import { setTimeout as wait } from 'node:timers/promises'
import type { ConsumeOptions, LogRecord, PartitionLag, TopicPartition } from '../event-log.ts'
import { type BatchBounds, LaneBuffer } from './lane-buffer.ts'
import type { Turns } from './turns.ts'

/** How often a partition on hold, or one whose position the log does not have, asks again where to start. Milliseconds. */
const ASK_AGAIN_MS = 1_000

/** What a lane needs of the adapter that fetches for it. */
export interface LaneFeed {
  /** Fetch from `offset` next, and only records from there on. */
  seek(lane: Lane, offset: number): void
  /** Fetch nothing for this lane until `resume`. */
  pause(lane: Lane): void
  resume(lane: Lane): void
  /** `onBatch` has answered: consuming goes on at `next`. */
  passed(lane: Lane, next: number): void
  crashed(fault: unknown): void
}

export interface LaneSettings {
  readonly options: Pick<ConsumeOptions, 'start' | 'onBatch'>
  readonly bounds: BatchBounds
  /** Of the lane's topic. */
  readonly turns: Turns
  readonly feed: LaneFeed
  /** Offsets may be missing: the topic is compacted, trimmed or kept for a limited time. */
  readonly mayHaveGaps: (topic: string) => boolean
}

/**
 * One assigned partition: asks where to start, buffers what was fetched, hands it to `onBatch` one batch at a time and
 * goes on where the answer says. Lives from assignment to loss or stop.
 */
export class Lane implements TopicPartition {
  readonly topic: string
  readonly partition: number
  readonly #settings: LaneSettings
  readonly #buffer: LaneBuffer
  readonly #abort = new AbortController()
  #fetchFrom: number | undefined
  #next = 0
  #end = 0
  #paused = true
  #asking: Promise<void> | undefined
  #working: Promise<void> | undefined

  constructor({ topic, partition }: TopicPartition, settings: LaneSettings) {
    this.topic = topic
    this.partition = partition
    this.#settings = settings
    this.#buffer = new LaneBuffer(settings.bounds)
  }

  /** Where to fetch; undefined while nothing shall be fetched. */
  get fetchFrom(): number | undefined {
    return this.#paused ? undefined : this.#fetchFrom
  }

  get lag(): PartitionLag {
    return { topic: this.topic, partition: this.partition, next: this.#next, end: Math.max(this.#end, this.#next) }
  }

  /** Asks where to start, when `after` is done; until that is answered nothing is fetched. */
  open(after?: Promise<void>): void {
    this.#restart(0, after)
  }

  /** Tells the feed again what it should do for this lane: it has forgotten (a rebalance, a reconnection). */
  restoreFeed(): void {
    const { feed } = this.#settings
    if (this.#fetchFrom !== undefined) feed.seek(this, this.#fetchFrom)
    if (this.#paused) feed.pause(this)
    else feed.resume(this)
  }

  /** Where the partition ended when the adapter looked last; for `lag`. */
  sawEnd(end: number): void {
    this.#end = Math.max(this.#end, end)
  }

  /** The log ends before our position: it lost records or is another one. Ask again where to start. */
  lostPosition(): void {
    this.#end = 0
    this.#restart(ASK_AGAIN_MS)
  }

  /**
   * Takes what was fetched, or answers false. Records that do not follow on what came before mean a jump: then it asks
   * again where to start.
   */
  offer(records: readonly LogRecord[], end: number): boolean {
    const [first] = records
    const last = records.at(-1)
    if (!first || !last || this.#paused || this.#fetchFrom === undefined) return false
    if (!this.#follows(first.offset, this.#fetchFrom)) {
      this.lostPosition()
      return false
    }
    this.sawEnd(Math.max(end, last.offset + 1))
    this.#buffer.add(records)
    this.#fetchFrom = last.offset + 1
    if (this.#buffer.isFull) this.#pause()
    this.#work()
    return true
  }

  /** Ends the lane; resolves when no `onBatch` of it is under way. */
  async close(): Promise<void> {
    this.#abort.abort()
    this.#buffer.clear()
    this.#fetchFrom = undefined
    await Promise.all([this.#asking, this.#working])
  }

  #follows(offset: number, fetchFrom: number): boolean {
    return this.#settings.mayHaveGaps(this.topic) ? offset >= fetchFrom : offset === fetchFrom
  }

  #restart(delayMs: number, after?: Promise<void>): void {
    this.#fetchFrom = undefined
    this.#buffer.clear()
    this.#pause()
    this.#asking ??= this.#askForStart(delayMs, after).finally(() => {
      this.#asking = undefined
    })
  }

  async #askForStart(delayMs: number, after?: Promise<void>): Promise<void> {
    const { signal } = this.#abort
    await Promise.all([after, this.#working, this.#pauseFor(delayMs)])
    while (!signal.aborted) {
      const start = await this.#startOrHold()
      if (signal.aborted) return
      if (start !== 'hold') {
        this.#next = start
        return this.#fetch(start)
      }
      await this.#pauseFor(ASK_AGAIN_MS)
    }
  }

  /** A caller that cannot say where to start (its database is away) is asked again, like one that says 'hold'. */
  async #startOrHold(): Promise<number | 'hold'> {
    try {
      return await this.#settings.options.start({ topic: this.topic, partition: this.partition })
    } catch {
      return 'hold'
    }
  }

  #fetch(from: number): void {
    this.#fetchFrom = from
    this.#settings.feed.seek(this, from)
    this.#resume()
  }

  #work(): void {
    this.#working ??= this.#handBatches().finally(() => {
      this.#working = undefined
      // What was offered between the last look at the buffer and now.
      if (!this.#buffer.isEmpty && !this.#abort.signal.aborted) this.#work()
    })
  }

  async #handBatches(): Promise<void> {
    const { turns, feed } = this.#settings
    while (!this.#buffer.isEmpty && !this.#abort.signal.aborted) {
      try {
        await this.#pauseFor(await turns.run(() => this.#handBatch(), this.#buffer.isFull))
      } catch (fault) {
        this.#abort.abort()
        feed.crashed(fault)
      }
    }
  }

  async #handBatch(): Promise<number> {
    const { signal } = this.#abort
    const records = this.#buffer.take()
    const [first] = records
    const last = records.at(-1)
    if (!first || !last || signal.aborted) return 0
    this.#resumeIfRoom()
    const batch = { topic: this.topic, partition: this.partition, records, end: this.#end }
    const { next, pauseMs } = await this.#settings.options.onBatch(batch, signal)
    if (signal.aborted) return 0
    this.#next = next
    this.#settings.feed.passed(this, next)
    if (this.#fetchFrom === undefined) return pauseMs
    if (next >= first.offset && next <= last.offset + 1) {
      this.#buffer.putBack(records.filter(({ offset }) => offset >= next))
      this.#resumeIfRoom()
    } else {
      this.#buffer.clear()
      this.#fetch(next)
    }
    return pauseMs
  }

  #resumeIfRoom(): void {
    if (this.#paused && this.#fetchFrom !== undefined && this.#buffer.isHalfEmpty) this.#resume()
  }

  #pause(): void {
    this.#paused = true
    this.#settings.feed.pause(this)
  }

  #resume(): void {
    this.#paused = false
    this.#settings.feed.resume(this)
  }

  async #pauseFor(ms: number): Promise<void> {
    if (ms > 0) await wait(ms, undefined, { signal: this.#abort.signal }).catch(() => undefined)
  }
}
