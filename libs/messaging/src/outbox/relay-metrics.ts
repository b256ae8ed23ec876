import { Counter, Gauge, type Registry } from 'prom-client'
import type { OutboxStore } from './outbox-store.ts'

/** Gauges of the outbox, asked of the database when scraped; gives the counter of what was sent. */
export const relayMetrics = (registry: Registry, store: OutboxStore): Counter<'topic'> => {
  const registers = [registry]
  const age = new Gauge({
    name: 'banso_outbox_oldest_seconds',
    help: 'Age of the oldest row waiting to be appended to the log; 0 when none waits.',
    registers: [],
  })
  registry.registerMetric(
    new Gauge({
      name: 'banso_outbox_rows',
      help: 'Rows waiting to be appended to the log, counted up to 100,000.',
      registers: [],
      async collect() {
        const backlog = await store.backlog()
        this.set(backlog.rows)
        age.set(backlog.oldestSeconds)
      },
    }),
  )
  registry.registerMetric(age) // after the one that fills it
  return new Counter({
    name: 'banso_outbox_sent_total',
    help: 'Records that the log has confirmed.',
    labelNames: ['topic'],
    registers,
  })
}
