import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { PartitionLag } from '../log/event-log.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10]
const SIZES = [1, 5, 10, 50, 100, 250, 500, 1000]
const perTopic = ['group', 'topic'] as const

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

  readonly parked = this.#counter('banso_parked_total', 'Messages put aside to be tried again')
  readonly dead = this.#counter('banso_dead_total', 'Messages given up')
  readonly pauses = this.#counter('banso_infrastructure_pauses_total', 'Chunks rolled back, to be run again')

  readonly drops = new Counter({
    name: 'banso_fence_drops_total',
    help: 'Records that their writer had sent before',
    labelNames: [...perTopic, 'writer'],
    registers: [this.registry],
  })

  readonly #lagOf = new Map<string, () => readonly PartitionLag[]>()

  constructor(private readonly registry: Registry) {
    const lagOf = this.#lagOf
    registry.registerMetric(
      new Gauge({
        name: 'banso_consumer_lag',
        help: 'Records of a partition that a group has not committed yet',
        labelNames: [...perTopic, 'partition'],
        registers: [],
        collect() {
          this.reset()
          for (const [group, lag] of lagOf)
            for (const { topic, partition, next, end } of lag())
              this.set({ group, topic, partition: String(partition) }, Math.max(0, end - next))
        },
      }),
    )
  }

  /** Where a group's lag is asked when it is scraped. */
  watchLag(group: string, lag: () => readonly PartitionLag[]): void {
    this.#lagOf.set(group, lag)
  }

  forget(group: string): void {
    this.#lagOf.delete(group)
  }

  #counter(name: string, help: string): Counter<(typeof perTopic)[number]> {
    return new Counter({ name, help, labelNames: perTopic, registers: [this.registry] })
  }
}
