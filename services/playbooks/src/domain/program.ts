import { type AccountFacts, compileCondition, type ConditionScope, type FactsOf, type Verdict } from '@banso/conditions'
import { BansoError } from '@banso/platform'
import type { ActionSpec } from './action-spec.ts'
import { durationMs } from './duration.ts'
import type { BranchStep, Step, Wait } from './steps.ts'

/** Id of the node that comes next; null: the end. */
type Next = string | null
export type Test<Facts = AccountFacts> = (facts: Facts) => Verdict

/** Until when a wait lasts that needs no condition. */
export type Until = Exclude<Wait, { condition: string }>

export type Node =
  | {
      readonly kind: 'action'
      readonly id: string
      readonly spec: ActionSpec
      readonly dailyCap: number | null
      readonly onFailure: 'fail' | 'continue'
      readonly next: Next
    }
  | { readonly kind: 'wait'; readonly id: string; readonly until: Until; readonly next: Next }
  | {
      readonly kind: 'wait-condition'
      readonly id: string
      readonly test: Test
      readonly limitMs: number
      readonly next: Next
      readonly onLimit: Next
    }
  | {
      readonly kind: 'branch'
      readonly id: string
      readonly cases: readonly { readonly test: Test; readonly next: Next }[]
      readonly otherwise: Next
    }
  | { readonly kind: 'goal'; readonly id: string; readonly test: Test; readonly next: Next }
  | { readonly kind: 'exit'; readonly id: string }

/** The steps of a playbook, nested ones included, each knowing what follows it. There is no way back to an earlier one. */
export interface Program {
  readonly first: Next
  readonly nodes: ReadonlyMap<string, Node>
  /** Actions wait while a serious ticket is open. */
  readonly selling: boolean
  /** Daily caps by step. */
  readonly caps: ReadonlyMap<string, number>
}

/** What was valid when it was applied, and is not in this release: the playbook must be applied anew. */
export class PlaybookOutdatedError extends BansoError {
  override readonly code = 'PLAYBOOK_OUTDATED'
  override readonly status = 409
}

/** A condition that was checked when it was applied. Throws where this release does not take it any more. */
export const testOf = <S extends ConditionScope>(source: string, scope: S): Test<FactsOf<S>> => {
  const compiled = compileCondition(source, scope)
  if ('faults' in compiled) throw new PlaybookOutdatedError(`the condition ${source} is not valid in this release`)
  return (facts) => compiled.condition.evaluate(facts)
}

export const holds = (verdict: Verdict): boolean => verdict.kind === 'decided' && verdict.value

const waitNode = (id: string, wait: Wait, next: Next, nodes: Map<string, Node>): Node => {
  if (!('condition' in wait)) return { kind: 'wait', id, until: wait, next }
  const { condition, limit, onLimit } = wait
  const [test, limitMs] = [testOf(condition, 'account'), durationMs(limit) ?? 0]
  return { kind: 'wait-condition', id, test, limitMs, next, onLimit: link(onLimit, next, nodes) }
}

const branchNode = ({ id, branch, otherwise }: BranchStep, next: Next, nodes: Map<string, Node>): Node => ({
  kind: 'branch',
  id,
  cases: branch.map(({ when, steps }) => ({ test: testOf(when, 'account'), next: link(steps, next, nodes) })),
  otherwise: link(otherwise, next, nodes),
})

const nodeOf = (step: Step, next: Next, nodes: Map<string, Node>): Node => {
  const { id } = step
  if ('action' in step) {
    const { action: spec, dailyCap = null, onFailure } = step
    return { kind: 'action', id, spec, dailyCap, onFailure, next }
  }
  if ('wait' in step) return waitNode(id, step.wait, next, nodes)
  if ('branch' in step) return branchNode(step, next, nodes)
  return 'goal' in step ? { kind: 'goal', id, test: testOf(step.goal, 'account'), next } : { kind: 'exit', id }
}

/** The first of these steps, the last of which leads to `after`. */
const link = (steps: readonly Step[], after: Next, nodes: Map<string, Node>): Next =>
  steps.reduceRight<Next>((next, step) => {
    nodes.set(step.id, nodeOf(step, next, nodes))
    return step.id
  }, after)

export const programOf = (steps: readonly Step[], { selling = false }: { selling?: boolean } = {}): Program => {
  const nodes = new Map<string, Node>()
  const first = link(steps, null, nodes)
  const all = [...nodes.values()]
  return {
    first,
    nodes,
    selling,
    caps: new Map(
      all.flatMap((node) => (node.kind === 'action' && node.dailyCap !== null ? [[node.id, node.dailyCap]] : [])),
    ),
  }
}
