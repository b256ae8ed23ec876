import { Counter, type Registry } from 'prom-client'
import type { Channel, Progress } from '../domain/delivery.ts'
import type { Delivered } from '../store/deliveries.ts'

const CHANNELS: readonly Channel[] = ['webhook', 'slack', 'email', 'task']
const OUTCOMES: readonly Progress['kind'][] = ['done', 'again', 'failed']

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
    // From 0: of what begins with 1, no increase is ever seen.
    for (const channel of CHANNELS) for (const outcome of OUTCOMES) this.#attempts.inc({ channel, outcome }, 0)
  }

  count({ delivery, attempt }: Delivered, { kind: outcome }: Progress): void {
    const { kind: channel } = delivery.spec
    this.#attempts.inc({ channel, outcome })
    if (delivery.unsure && attempt.kind !== 'obstacle') this.#doubles.inc({ channel })
  }
}
