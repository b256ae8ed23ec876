import type { ConditionFault } from '../condition.ts'

/** Something wrong at an offset of the text. */
export interface FaultAt {
  readonly message: string
  readonly offset: number
}

/** Line and column (from 1; a column is a UTF-16 code unit) of an offset. */
export const located = (source: string, { message, offset }: FaultAt): ConditionFault => {
  const before = source.slice(0, offset)
  const newline = before.lastIndexOf('\n')
  return { message, line: before.split('\n').length, column: before.length - newline }
}
