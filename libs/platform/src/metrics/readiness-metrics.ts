import { Gauge, type Registry } from 'prom-client'
import { type Readiness, withinTime } from '../health/readiness.ts'

/** `banso_ready{check}`, asked when it is scraped: 0 for what keeps the service from being ready. */
export const measureReadiness = (registry: Registry, readiness: Readiness): void => {
  registry.registerMetric(
    new Gauge({
      name: 'banso_ready',
      help: '1 while what is checked is well: the database, the consumption of events, the outbox',
      labelNames: ['check'],
      registers: [],
      async collect() {
        const ask = async ([check, run]: [string, () => Promise<void>]): Promise<void> => {
          const well = await withinTime(run()).then(
            () => 1,
            () => 0,
          )
          this.set({ check }, well)
        }
        await Promise.all([...readiness.checks()].map(ask))
      },
    }),
  )
}
