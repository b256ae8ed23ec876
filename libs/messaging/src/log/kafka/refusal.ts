import { LogRefusedError } from '../errors.ts'
import { refusalWords } from './refusal-words.ts'

/** The error to show when Kafka does not let us do what a service must; undefined: it is another one. */
export const refusalOf = (fault: unknown): LogRefusedError | undefined => {
  if (fault instanceof LogRefusedError) return fault
  const words = refusalWords(fault)
  return words === undefined ? undefined : new LogRefusedError(words, { cause: fault })
}

/** An error goes on as one that says what Kafka refuses, where it does. */
export const told = (fault: unknown): never => {
  throw refusalOf(fault) ?? fault
}
