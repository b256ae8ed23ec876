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
