import { EvaluationError, ParseError, TypeError as CelTypeError } from '@marcbachmann/cel-js'
import type { CompiledCondition, Verdict } from './condition.ts'
import type { ConditionScope, FactsOf } from './facts.ts'
import { Analysis } from './language/analysis.ts'
import { type FaultAt, located } from './language/faults.ts'
import { language, Undecided } from './language/functions.ts'
import { plain } from './language/messages.ts'
import { Program } from './language/program.ts'
import { FactReader } from './language/reader.ts'
import { limits } from './limits.ts'

/** CEL's parser and checker throw RangeError on texts such as ten thousand times `!`. */
const faultOf = (error: unknown): FaultAt => {
  if (error instanceof ParseError || error instanceof CelTypeError) {
    return { message: plain(error.summary), offset: error.range?.start ?? 0 }
  }
  return { message: 'the condition is nested too deeply', offset: 0 }
}

const checked = (source: string, scope: ConditionScope): { program: Program; paths: string[] } | readonly FaultAt[] => {
  if (source.length > limits.source) {
    return [
      { message: `a condition has at most ${limits.source} characters, this one has ${source.length}`, offset: 0 },
    ]
  }
  try {
    const { ast } = language.parse(source)
    const analysis = new Analysis(source, scope, ast)
    if (analysis.faults.length > 0) return analysis.faults.toSorted((a, b) => a.offset - b.offset)
    const program = new Program(source, analysis)
    const result = program.check()
    if ('error' in result) return [faultOf(result.error)]
    // dyn: a trait by itself, which is judged when its value is known
    if (result.type !== 'bool' && result.type !== 'dyn') {
      return [{ message: `a condition is true or false, this one is a ${result.type}`, offset: ast.start }]
    }
    return { program, paths: [...new Set(analysis.references.map(({ slot }) => slot.text))].toSorted() }
  } catch (error) {
    return [faultOf(error)]
  }
}

const reasonOf = (error: unknown, source: string): string => {
  if (error instanceof Undecided) return error.message
  if (!(error instanceof EvaluationError)) return 'the condition cannot be evaluated on these facts'
  const { start, end } = error.node ?? { start: 0, end: 0 }
  return end > start ? `${plain(error.summary)} in ${source.slice(start, end)}` : plain(error.summary)
}

const evaluated = (program: Program, source: string, facts: object): Verdict => {
  const reader = new FactReader(facts)
  try {
    const value = program.run(reader)
    if (typeof value === 'boolean') return { kind: 'decided', value, used: reader.used }
    return { kind: 'undecided', reason: 'the result is not true or false', used: reader.used }
  } catch (error) {
    return { kind: 'undecided', reason: reasonOf(error, source), used: reader.used }
  }
}

/** Checks a condition's text against the vocabulary of its scope. Never throws: what is wrong comes back as faults. */
export const compileCondition = <S extends ConditionScope>(source: string, scope: S): CompiledCondition<S> => {
  const result = checked(source, scope)
  if (!('program' in result)) return { faults: result.map((fault) => located(source, fault)) }
  const { program, paths } = result
  return {
    condition: { source, scope, paths, evaluate: (facts: FactsOf<S>) => evaluated(program, source, facts) },
  }
}
