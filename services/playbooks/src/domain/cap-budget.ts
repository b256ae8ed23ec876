import type { LocalDay } from './local-time.ts'
import type { Output } from './enter-step.ts'
import type { Playbook } from './playbook.ts'
import { type CapKey, capKeyOf } from './ports.ts'

/** The daily caps that these outputs of a playbook's run would use, on a day. */
export const cappedIn = ({ name: playbook, program }: Playbook, outputs: readonly Output[], day: LocalDay): CapKey[] =>
  outputs.flatMap(({ kind, step }) => (kind === 'request' && program.caps.has(step) ? [{ playbook, step, day }] : []))

/** What is left of the daily caps while a batch is decided. */
export class CapBudget {
  readonly #taken = new Map<string, CapKey & { readonly count: number }>()

  /** `used`: by `capKeyOf`, before the batch. */
  constructor(
    readonly day: LocalDay,
    private readonly used: ReadonlyMap<string, number>,
  ) {}

  reached(playbook: string, step: string, cap: number): boolean {
    const key = capKeyOf({ playbook, step, day: this.day })
    return (this.used.get(key) ?? 0) + (this.#taken.get(key)?.count ?? 0) >= cap
  }

  take({ playbook, step }: Pick<CapKey, 'playbook' | 'step'>): void {
    const key = { playbook, step, day: this.day }
    const count = (this.#taken.get(capKeyOf(key))?.count ?? 0) + 1
    this.#taken.set(capKeyOf(key), { ...key, count })
  }

  get taken(): readonly (CapKey & { readonly count: number })[] {
    return [...this.#taken.values()]
  }
}
