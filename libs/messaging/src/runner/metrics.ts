import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { PartitionLag } from '../log/event-log.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10]
const SIZES = [1, 5, 10, 50, 100, 250, 500, 1000]
const perTopic = ['group', 'topic'] as const

/** A consumer that can be asked. */
interface Watched {
  lag(): readonly PartitionLag[]
  aliveAt(): Date
}

/** Who wrote, without what changes from log to log: `received`, `outbox/health`. */
export const writerKind = (writer: string): string =>
  writer
    .split('/')
    .slice(0, writer.startsWith('outbox/') ? 2 : 1)
    .join('/')

/** What the runner counts. One per registry: the groups of a service share it. */
export class RunnerMetrics {
  readonly chunkSeconds = new Histogram({
    name: 'banso_chunk_seconds',
    help: 'Time of the transaction of one chunk',
    labelNames: perTopic,
    buckets: SECONDS,
    registers: [this.registry],
  })

  readonly chunkSize = new Histogram({
    name: 'banso_chunk_records',
    help: 'Records of one chunk',
    labelNames: perTopic,
    buckets: SIZES,
    registers: [this.registry],
  })

  readonly parked = this.#counter('banso_parked_messages_total', 'Messages put aside to be tried again')
  readonly dead = this.#counter('banso_dead_messages_total', 'Messages given up')
  readonly pauses = this.#counter('banso_infrastructure_pauses_total', 'Chunks rolled back, to be run again')

  readonly drops = new Counter({
    name: 'banso_fence_drops_total',
    help: 'Records that their writer had sent before',
    labelNames: [...perTopic, 'writer'],
    registers: [this.registry],
  })

  readonly #watched = new Map<string, Watched>()

  constructor(private readonly registry: Registry) {
    const watched = this.#watched
    registry.registerMetric(
      new Gauge({
        name: 'banso_consumer_lag_records',
        help: 'Records of a partition that a group has not committed yet',
        labelNames: [...perTopic, 'partition'],
        registers: [],
        collect() {
          this.reset()
          for (const [group, consumer] of watched)
            for (const { topic, partition, next, end } of consumer.lag())
              this.set({ group, topic, partition: String(partition) }, Math.max(0, end - next))
        },
      }),
    )
    registry.registerMetric(
      new Gauge({
        name: 'banso_consumer_alive_timestamp_seconds',
        help: 'When a group last fetched, answered its log or ended a batch, in seconds since 1970',
        labelNames: ['group'],
        registers: [],
        collect() {
          this.reset()
          for (const [group, consumer] of watched) this.set({ group }, consumer.aliveAt().getTime() / 1000)
        },
      }),
    )
  }

  /** What is asked of a group when it is scraped. */
  watch(group: string, consumer: Watched): void {
    this.#watched.set(group, consumer)
  }

  forget(group: string): void {
    this.#watched.delete(group)
  }

  #counter(name: string, help: string): Counter<(typeof perTopic)[number]> {
    return new Counter({ name, help, labelNames: perTopic, registers: [this.registry] })
  }
}
