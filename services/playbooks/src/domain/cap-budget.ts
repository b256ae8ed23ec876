import type { LocalDay } from './local-time.ts'
import { type CapKey, capKeyOf } from './ports.ts'

/** What is left of the daily caps while a batch is decided. */
export class CapBudget {
  readonly #taken = new Map<string, CapKey & { readonly count: number }>()

  /** `used`: by `capKeyOf`, before the batch. */
  constructor(
    private readonly day: LocalDay,
    private readonly used: ReadonlyMap<string, number>,
  ) {}

  reached(playbook: string, step: string, cap: number): boolean {
    const key = capKeyOf({ playbook, step, day: this.day })
    return (this.used.get(key) ?? 0) + (this.#taken.get(key)?.count ?? 0) >= cap
  }

  take(playbook: string, step: string): void {
    const key = { playbook, step, day: this.day }
    const count = (this.#taken.get(capKeyOf(key))?.count ?? 0) + 1
    this.#taken.set(capKeyOf(key), { ...key, count })
  }

  get taken(): readonly (CapKey & { readonly count: number })[] {
    return [...this.#taken.values()]
  }
}
