import { Environment } from '@marcbachmann/cel-js'
import type { CompiledCondition, Verdict } from './condition.ts'
import type { ConditionScope, FactsOf } from './facts.ts'

const environment = new Environment({ unlistedVariablesAreDyn: true })

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Checks a condition's text against the vocabulary of its scope. Never throws: what is wrong comes back as faults. */
export const compileCondition = <S extends ConditionScope>(source: string, scope: S): CompiledCondition<S> => {
  try {
    const program = environment.parse(source)
    const evaluate = (facts: FactsOf<S>): Verdict => {
      try {
        const value: unknown = program({ ...facts })
        return typeof value === 'boolean'
          ? { kind: 'decided', value, used: {} }
          : { kind: 'undecided', reason: 'the result is not true or false', used: {} }
      } catch (error) {
        return { kind: 'undecided', reason: reasonOf(error), used: {} }
      }
    }
    return { condition: { source, scope, paths: [], evaluate } }
  } catch (error) {
    return { faults: [{ message: reasonOf(error), line: 1, column: 1 }] }
  }
}
