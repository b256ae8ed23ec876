import { Counter, type Registry } from 'prom-client'
import { type Progress } from '../domain/delivery.ts'
import type { Delivered } from '../store/deliveries.ts'

/** Counts what attempts come to. No account and no playbook in a label. */
export class ActionMetrics {
  readonly #attempts: Counter<'channel' | 'outcome'>
  readonly #doubles: Counter<'channel'>

  constructor(registry: Registry) {
    this.#attempts = new Counter({
      name: 'banso_action_attempts_total',
      help: 'Attempts at actions, by what they came to: done, again, failed',
      labelNames: ['channel', 'outcome'],
      registers: [registry],
    })
    this.#doubles = new Counter({
      name: 'banso_action_possible_doubles_total',
      help: 'Attempts made after one of which nobody knows whether it had arrived',
      labelNames: ['channel'],
      registers: [registry],
    })
  }

  count({ delivery, attempt }: Delivered, { kind: outcome }: Progress): void {
    const { kind: channel } = delivery.spec
    this.#attempts.inc({ channel, outcome })
    if (delivery.unsure && attempt.kind !== 'obstacle') this.#doubles.inc({ channel })
  }
}
