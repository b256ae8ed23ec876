import type { ConsumeOptions, PartitionLag, TopicPartition } from '../event-log.ts'
import { Lane, type LaneFeed, type LaneSettings } from './lane.ts'
import { Turns } from './turns.ts'

/**
 * Under load the partitions of a topic gather what arrives within this time: a transaction costs as much for one record
 * as for ten, and without it they shrink until the machine does nothing else. Milliseconds.
 */
const LEAST_INTERVAL_MS = 200
const DEFAULT_BATCH_BYTES = 1_048_576
const DEFAULT_BATCH_RECORDS = 1_000

export const laneName = ({ topic, partition }: TopicPartition): string => `${topic}/${partition}`

/** The partitions that this member is assigned now. */
export class Lanes {
  readonly #settings: Omit<LaneSettings, 'turns'>
  readonly #turns = new Map<string, Turns>()
  readonly #open = new Map<string, Lane>()
  readonly #closing = new Map<string, Promise<void>>()

  constructor(options: ConsumeOptions, feed: LaneFeed, mayHaveGaps: (topic: string) => boolean) {
    this.#settings = {
      options,
      feed,
      mayHaveGaps,
      bounds: {
        bytes: options.maxBatchBytes ?? DEFAULT_BATCH_BYTES,
        records: options.maxBatchRecords ?? DEFAULT_BATCH_RECORDS,
      },
    }
  }

  get bounds(): LaneSettings['bounds'] {
    return this.#settings.bounds
  }

  get(partition: TopicPartition): Lane | undefined {
    return this.#open.get(laneName(partition))
  }

  all(): readonly Lane[] {
    return [...this.#open.values()]
  }

  assignment(): readonly PartitionLag[] {
    return this.all().map(({ lag }) => lag)
  }

  /** Opens what is new and closes what is gone; what stays goes on undisturbed. */
  assign(partitions: readonly TopicPartition[]): void {
    const wanted = new Map(partitions.map((partition) => [laneName(partition), partition]))
    for (const [name, lane] of this.#open) if (!wanted.has(name)) void this.lose(lane)
    for (const [name, partition] of wanted) {
      if (this.#open.has(name)) continue
      const lane = new Lane(partition, { ...this.#settings, turns: this.#turnsOf(partition.topic) })
      this.#open.set(name, lane)
      lane.open(this.#closing.get(name))
    }
  }

  #turnsOf(topic: string): Turns {
    const turns = this.#turns.get(topic) ?? new Turns(LEAST_INTERVAL_MS)
    this.#turns.set(topic, turns)
    return turns
  }

  /** Aborts the lane; resolves when nothing of this partition is under way. */
  lose(lane: Lane): Promise<void> {
    const name = laneName(lane)
    this.#open.delete(name)
    const closing = Promise.all([this.#closing.get(name), lane.close()]).then(() => undefined)
    this.#closing.set(name, closing)
    return closing
  }

  /** Closes all; resolves when no `onBatch` is under way. */
  async close(): Promise<void> {
    for (const lane of this.all()) void this.lose(lane)
    await Promise.all(this.#closing.values())
  }
}
