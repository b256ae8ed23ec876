import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { Spool } from '../store/spool.ts'

const MOST_COUNTED = 1_000_000

export class IntakeMetrics {
  readonly appendSeconds: Histogram
  readonly spooled: Counter
  readonly #events: Counter<'result' | 'code'>

  constructor(registry: Registry, spool: Spool) {
    const registers = [registry]
    this.appendSeconds = new Histogram({
      name: 'banso_ingestion_append_seconds',
      help: 'Time of an append to the raw log, from the request on',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3],
      registers,
    })
    this.spooled = new Counter({
      name: 'banso_ingestion_spooled_events_total',
      help: 'Events that went to the spool',
      registers,
    })
    this.#events = new Counter({
      name: 'banso_ingestion_received_events_total',
      help: 'Events received, by result and, where rejected, by code',
      labelNames: ['result', 'code'],
      registers,
    })
    observeSpool(registry, spool)
  }

  countAccepted(events: number): void {
    if (events > 0) this.#events.inc({ result: 'accepted', code: '' }, events)
  }

  countRejected(code: string): void {
    this.#events.inc({ result: 'rejected', code })
  }
}

const observeSpool = (registry: Registry, spool: Spool): void => {
  observe(registry, 'banso_ingestion_spool_age_seconds', 'Age of the oldest spooled event', async () => {
    const { oldest } = await spool.size(1)
    return oldest ? (Date.now() - oldest.getTime()) / 1_000 : 0
  })
  observe(registry, 'banso_ingestion_spool_events', 'Events in the spool, of all instances', async () => {
    const { records } = await spool.size(MOST_COUNTED)
    return records
  })
}

// Without the database, the other metrics are still shown.
const observe = (registry: Registry, name: string, help: string, ask: () => Promise<number>): Gauge =>
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      this.set(await ask().catch(() => Number.NaN))
    },
  })
