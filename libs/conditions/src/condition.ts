import type { ConditionScope, FactsOf } from './facts.ts'

/** What is wrong with a condition's text, and where; line and column count from 1. */
export interface ConditionFault {
  readonly message: string
  readonly line: number
  readonly column: number
}

/** What a condition said of an account. `used`: each fact it read, by path, with the value it had. */
export type Verdict =
  | { readonly kind: 'decided'; readonly value: boolean; readonly used: Readonly<Record<string, unknown>> }
  /** It could not be evaluated on these facts (a trait of another type, a missing one); counts as not met. */
  | { readonly kind: 'undecided'; readonly reason: string; readonly used: Readonly<Record<string, unknown>> }

/** A checked condition. Evaluation is pure and bounded, calls no clock and never throws. */
export interface Condition<S extends ConditionScope = ConditionScope> {
  readonly source: string
  readonly scope: S
  /** Paths of the facts that its text names. */
  readonly paths: readonly string[]
  evaluate(facts: FactsOf<S>): Verdict
}

/** A condition, or all that is wrong with its text. Tell them apart by `'faults' in compiled`. */
export type CompiledCondition<S extends ConditionScope> =
  | { readonly condition: Condition<S> }
  | { readonly faults: readonly ConditionFault[] }
