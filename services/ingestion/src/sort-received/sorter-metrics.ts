import { Counter, Gauge, type Registry } from 'prom-client'
import type { ChunkPlan } from './chunk-plan.ts'

/** Beside what the runner counts of every consumer group: lag, chunk times, pauses. */
export class SorterMetrics {
  readonly #events: Counter<'state'>

  constructor(registry: Registry, quarantined: () => Promise<number>) {
    const registers = [registry]
    this.#events = new Counter({
      name: 'banso_ingestion_sorted_events_total',
      help: 'Events sorted, by what became of them',
      labelNames: ['state'],
      registers,
    })
    const held: Gauge = new Gauge({
      name: 'banso_ingestion_quarantined_events',
      help: 'Events in quarantine',
      registers,
      // Without the database, the other metrics are still shown.
      collect: async () => held.set(await quarantined().catch(() => Number.NaN)),
    })
  }

  countSorted(plan: ChunkPlan): void {
    for (const { receipt } of plan.receipts.values()) this.#events.inc({ state: receipt.state })
    if (plan.repeats.length > 0) this.#events.inc({ state: 'repeat' }, plan.repeats.length)
  }
}
