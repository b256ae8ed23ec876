import type { FactEntry } from '../vocabulary/entry.ts'
import { limits } from '../limits.ts'
import { Undecided } from './functions.ts'

/** A fact that a condition names. `presence`: it is only asked whether the fact is known. */
export interface Slot {
  readonly path: readonly string[]
  readonly text: string
  readonly entry: FactEntry
  readonly how: 'value' | 'presence'
}

type Fields = Readonly<Record<string, unknown>>

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Own properties only: a path never reaches a prototype. */
const lookUp = (facts: unknown, path: readonly string[]): unknown => {
  let at = facts
  for (const name of path) {
    if (!isFields(at) || !Object.hasOwn(at, name)) return null
    at = at[name]
  }
  return at ?? null
}

/** Reads facts for one evaluation: in CEL's types, within a bound, keeping what it read. */
export class FactReader {
  readonly #facts: object
  readonly #used = new Map<string, unknown>()
  readonly #values = new Map<string, { readonly value: unknown; readonly work: number }>()
  #work = 0

  constructor(facts: object) {
    this.#facts = facts
  }

  /** Each fact that was read, with the value it had. */
  get used(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.#used)
  }

  /** Adds to what this evaluation has done; throws above the bound. */
  charge(work: number): void {
    this.#work += work
    if (this.#work > limits.work) throw new Undecided('the condition takes too much work on these facts')
  }

  isKnown(slot: Slot): boolean {
    return this.#raw(slot) !== null
  }

  /** The fact as CEL takes it; throws when it is not known or not of its type. */
  read(slot: Slot): unknown {
    const kept = this.#values.get(slot.text) ?? this.#convert(slot)
    this.charge(kept.work)
    return kept.value
  }

  #raw(slot: Slot): unknown {
    if (!this.#used.has(slot.text)) this.#used.set(slot.text, lookUp(this.#facts, slot.path))
    return this.#used.get(slot.text)
  }

  #convert(slot: Slot): { readonly value: unknown; readonly work: number } {
    const raw = this.#raw(slot)
    if (raw === null) throw new Undecided(`${slot.text} is not known`)
    const before = this.#work
    const value = this.#typed(raw, slot)
    const kept = { value, work: this.#work - before + 1 }
    this.#values.set(slot.text, kept)
    return kept
  }

  #typed(raw: unknown, { entry, text }: Slot): unknown {
    switch (entry.type) {
      case 'int':
        if (Number.isInteger(raw)) return BigInt(Number(raw))
        break
      case 'double':
        if (typeof raw === 'number') return raw
        break
      case 'bool':
        if (typeof raw === 'boolean') return raw
        break
      case 'string':
        if (typeof raw === 'string') return this.#json(raw, text, 0)
        break
      case 'list<string>':
        if (Array.isArray(raw)) return this.#json(raw, text, 0)
        break
      case 'map<string, dyn>':
      case 'map<string, map<string, dyn>>':
        if (isFields(raw)) return this.#json(raw, text, 0)
        break
      case 'dyn':
        return this.#json(raw, text, 0)
    }
    throw new Undecided(`${text} is not of type ${entry.type}`)
  }

  /** JSON as CEL takes it. Objects become maps, so that names such as `constructor` are names like any other. */
  #json(value: unknown, text: string, depth: number): unknown {
    if (depth > limits.traitDepth) throw new Undecided(`${text} is nested deeper than ${limits.traitDepth} levels`)
    if (typeof value === 'string') {
      this.charge(value.length)
      return value
    }
    if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value
    if (Array.isArray(value)) {
      this.#bound(value.length, text)
      return value.map((each: unknown) => this.#json(each, text, depth + 1))
    }
    if (!isFields(value)) throw new Undecided(`${text} is not JSON`)
    const names = Object.keys(value)
    this.#bound(names.length, text)
    return new Map(names.map((name) => [name, this.#json(value[name], text, depth + 1)]))
  }

  #bound(length: number, text: string): void {
    if (length > limits.list) throw new Undecided(`${text} has more than ${limits.list} elements`)
    this.charge(length)
  }
}
