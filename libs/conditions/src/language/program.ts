import type { ParseResult } from '@marcbachmann/cel-js'
import type { RE2JS } from 're2js'
import { limits } from '../limits.ts'
import type { Analysis, Reference } from './analysis.ts'
import { language, Undecided } from './functions.ts'
import { FactReader } from './reader.ts'

interface Variable {
  readonly name: string
  readonly type: string
  readonly read: (reader: FactReader) => unknown
}

const variableOf = ({ slot, whole }: Reference, name: string): Variable => {
  if (whole) return { name, type: 'bool', read: (reader) => reader.isKnown(slot) }
  // dyn, so that CEL compares it with null whatever the fact's type
  if (slot.how === 'presence') return { name, type: 'dyn', read: (reader) => (reader.isKnown(slot) ? true : null) }
  return { name, type: slot.entry.type, read: (reader) => reader.read(slot) }
}

/**
 * A condition's text as CEL runs it: each fact is a variable of its own, so that reading it is one place, where it is
 * noted, bounded and refused when unknown. Each is as long as what it stands for: offsets stay those of the condition.
 */
export class Program {
  readonly #run: ParseResult
  readonly #patterns: ReadonlyMap<string, RE2JS>
  readonly #variables: Variable[] = []
  #reader: FactReader | undefined

  constructor(source: string, analysis: Analysis) {
    this.#patterns = analysis.patterns
    const text = this.#rewritten(source, analysis.references)
    const environment = language.clone()
    for (const { name, type } of this.#variables) environment.registerVariable(name, type)
    environment.registerFunction('re(string, string): bool', (tried: string, pattern: string) =>
      this.#matches(tried, pattern),
    )
    this.#run = environment.parse(text)
  }

  /** The type of the result, or the error of the first wrong type. */
  check(): { readonly type: string } | { readonly error: Error } {
    const { type, error } = this.#run.check()
    return type === undefined ? { error: error ?? new Error('the condition has no type') } : { type }
  }

  /** The result. Throws what keeps it from being decided. */
  run(reader: FactReader): unknown {
    this.#reader = reader
    try {
      const context: Record<string, unknown> = {}
      for (const { name, read } of this.#variables) {
        Object.defineProperty(context, name, { get: () => read(reader) })
      }
      return this.#run(context)
    } finally {
      this.#reader = undefined
    }
  }

  #rewritten(source: string, references: readonly Reference[]): string {
    let text = ''
    let at = 0
    for (const reference of references.toSorted((a, b) => a.start - b.start)) {
      const { start, end } = reference
      // At most three characters before it is filled up, as short as the shortest fact; conditions bind no such names.
      const name = `_${this.#variables.length.toString(36)}`.padEnd(end - start, '_')
      this.#variables.push(variableOf(reference, name))
      text += source.slice(at, start) + name
      at = end
    }
    return text + source.slice(at)
  }

  #matches(text: string, pattern: string): boolean {
    const compiled = this.#patterns.get(pattern)
    if (compiled === undefined) throw new Undecided('the pattern is not known')
    if (text.length > limits.text) throw new Undecided(`a pattern is tried on at most ${limits.text} characters`)
    this.#reader?.charge(Math.ceil((text.length * compiled.programSize()) / 10))
    return compiled.test(text)
  }
}
