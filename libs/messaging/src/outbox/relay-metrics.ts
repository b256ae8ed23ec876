import { Counter, Gauge, type Registry } from 'prom-client'
import type { OutboxStore } from './outbox-store.ts'

/** Gauges of the outbox, asked of the database when scraped; gives the counter of what was sent. */
export const relayMetrics = (registry: Registry, store: OutboxStore): Counter<'topic'> => {
  gaugeOf(
    registry,
    'banso_outbox_rows',
    'Rows waiting to be appended to the log, counted up to 100,000.',
    async () => (await store.backlog()).rows,
  )
  gaugeOf(
    registry,
    'banso_outbox_oldest_age_seconds',
    'Age of the oldest row waiting for the log; 0: none.',
    async () => (await store.backlog()).oldestSeconds,
  )
  return new Counter({
    name: 'banso_outbox_sent_total',
    help: 'Records that the log has confirmed.',
    labelNames: ['topic'],
    registers: [registry],
  })
}

const gaugeOf = (registry: Registry, name: string, help: string, ask: () => Promise<number>): Gauge =>
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      // The last value stays while the database is away; one gauge must not fail the whole answer.
      const value = await ask().catch(() => undefined)
      if (value !== undefined) this.set(value)
    },
  })
