import { Counter, type Registry } from 'prom-client'

export type TimerOutcome = 'fired' | 'again' | 'failed' | 'dropped'

/** Counts what became of claimed timers, by kind. */
export const timerMetrics = (registry: Registry): Counter<'kind' | 'outcome'> =>
  new Counter({
    name: 'banso_timers_total',
    help: 'Claimed timers by what became of them: fired, again (rescheduled), failed (tried later), dropped (replaced).',
    labelNames: ['kind', 'outcome'],
    registers: [registry],
  })
