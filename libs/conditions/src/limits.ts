/** Bounds of a condition's text, checked when it is compiled, and of one evaluation. */
export const limits = {
  /** Characters of the text. */
  source: 10_000,
  /** Operators, calls and facts; literals do not count. */
  operations: 250,
  /** Nodes of the syntax tree, literals included. */
  nodes: 3_000,
  /** Brackets in brackets. */
  depth: 24,
  /** Elements of a list, in the text or in a trait. */
  list: 1_000,
  /** Lists and maps in one another, in a trait. */
  traitDepth: 6,
  /** Characters of a pattern, and instructions of its program. */
  pattern: 200,
  patternProgram: 500,
  /** Characters of a text that a pattern is tried on. */
  text: 10_000,
  /** Characters and elements that one evaluation may read; a pattern counts its text by a tenth of its program. */
  work: 1_000_000,
} as const
