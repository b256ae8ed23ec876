import { compileCondition } from '../src/compile.ts'
import type { Condition, ConditionFault, Verdict } from '../src/condition.ts'
import type { ConditionScope, TriggerFacts } from '../src/facts.ts'
import { acme } from './facts.ts'

/** The condition; a text with faults fails the test with them. */
export const condition = (source: string): Condition<'trigger'> => {
  const compiled = compileCondition(source, 'trigger')
  if ('faults' in compiled) throw new Error(`${source}: ${JSON.stringify(compiled.faults)}`)
  return compiled.condition
}

export const verdict = (source: string, facts: TriggerFacts = acme()): Verdict => condition(source).evaluate(facts)

/** The value, or the reason why there is none. */
export const outcome = (source: string, facts: TriggerFacts = acme()): boolean | string => {
  const said = verdict(source, facts)
  return said.kind === 'decided' ? said.value : said.reason
}

export const faults = (source: string, scope: ConditionScope = 'trigger'): readonly ConditionFault[] => {
  const compiled = compileCondition(source, scope)
  return 'faults' in compiled ? compiled.faults : []
}
