import type { Outcome, Outcomes } from '../../outcome.ts'
import { type Failure, failureBecause, failureOf, isInfrastructure } from '../faults.ts'
import type { Decoded } from './decode.ts'

/** A message that is put aside; without a failure of its own it waits behind another of its key. */
export interface Parked extends Pick<Decoded, 'record'> {
  readonly failure: Failure | null
}

export interface Dead extends Pick<Decoded, 'record'> {
  readonly failure: Failure
}

export interface Settled {
  /** In the order given, so that each key's messages keep their order behind one another. */
  readonly parked: Parked[]
  readonly dead: Dead[]
}

/**
 * Calls the handler with these messages. Its effects stay only when it did not throw and `keep` agrees to the outcomes;
 * else they are undone.
 */
export type Attempt = (items: readonly Decoded[], keep: (outcomes: Outcomes) => boolean) => Promise<Outcomes>

/** An attempt cannot undo what has to be undone: nothing of its transaction may be kept. */
export class UndoneError extends Error {}

const isUndone = ({ kind }: Outcome): boolean => kind === 'retry' || kind === 'dead'

/**
 * Brings every message to an end: done, parked or dead. A handler that throws is called again with halves, down to the
 * message that makes it throw; a message that is to be retried parks its key with the later ones of it, one that can never
 * be done is dead, and the handler is called again without them. Messages of `parkedKeys` are parked unseen.
 * Infrastructure errors and `UndoneError` go on to the caller.
 */
export const settle = async (
  items: readonly Decoded[],
  parkedKeys: ReadonlySet<string>,
  attempt: Attempt,
): Promise<Settled> => {
  const settlement = new Settlement(new Set(parkedKeys), attempt)
  await settlement.tryAll(items)
  return settlement.inOrderOf(items)
}

class Settlement {
  readonly #parked: Parked[] = []
  readonly #dead: Dead[] = []

  constructor(
    private readonly keys: Set<string>,
    private readonly attempt: Attempt,
  ) {}

  async tryAll(all: readonly Decoded[]): Promise<void> {
    const open = all.filter((item) => !this.#isBehind(item))
    if (open.length === 0) return
    let outcomes: Outcomes
    try {
      outcomes = await this.attempt(open, (answers) => !answers.some(isUndone))
    } catch (fault) {
      if (isInfrastructure(fault) || fault instanceof UndoneError) throw fault
      return this.#narrow(open, fault)
    }
    if (outcomes.some(isUndone)) await this.#withoutUndone(open, outcomes)
  }

  inOrderOf(items: readonly Decoded[]): Settled {
    const place = new Map(items.map(({ record }, index) => [record, index]))
    const byPlace = (a: Parked, b: Parked): number => (place.get(a.record) ?? 0) - (place.get(b.record) ?? 0)
    return { parked: this.#parked.toSorted(byPlace), dead: this.#dead.toSorted(byPlace) }
  }

  #isBehind(item: Decoded): boolean {
    const behind = this.keys.has(item.record.key)
    if (behind) this.#park(item, null)
    return behind
  }

  #park({ record }: Decoded, failure: Failure | null): void {
    this.keys.add(record.key)
    this.#parked.push({ record, failure })
  }

  async #narrow(open: readonly Decoded[], fault: unknown): Promise<void> {
    const [only] = open
    if (open.length === 1 && only) return this.#park(only, failureOf(fault))
    const half = Math.ceil(open.length / 2)
    await this.tryAll(open.slice(0, half))
    await this.tryAll(open.slice(half))
  }

  async #withoutUndone(open: readonly Decoded[], outcomes: Outcomes): Promise<void> {
    const rest = open.filter((item, index) => {
      const outcome = outcomes[index]
      if (this.#isBehind(item)) return false
      if (outcome?.kind === 'retry') this.#park(item, failureBecause(outcome.reason))
      else if (outcome?.kind === 'dead')
        this.#dead.push({ record: item.record, failure: failureBecause(outcome.reason) })
      else return true
      return false
    })
    // What is left of a key that was parked just now comes before the message that parked it, and is not behind it.
    const earlier = rest.map((item) => item.record.key).filter((key) => this.keys.delete(key))
    await this.tryAll(rest)
    for (const key of earlier) this.keys.add(key)
  }
}
