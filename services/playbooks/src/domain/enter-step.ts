import type { AccountFacts } from '@banso/conditions'
import type { ActionSpec } from './action-spec.ts'
import { durationMs } from './duration.ts'
import { addDays, type LocalTime } from './local-time.ts'
import { holds, type Node, type Program, type Test, type Until } from './program.ts'
import type { RunState, Waiting } from './run-state.ts'
import { nextDue } from './schedule/due.ts'

/** What a run is advanced on. Facts are those of its account at `now`. */
export interface Context {
  readonly program: Program
  readonly now: Date
  readonly local: LocalTime
  readonly facts: AccountFacts
  readonly paused: boolean
  /** The step may not be requested again today. */
  capReached(step: string): boolean
}

export type Output =
  | { readonly kind: 'request'; readonly step: string; readonly spec: ActionSpec }
  | { readonly kind: 'wake'; readonly step: string; readonly at: Date }
  | { readonly kind: 'cancel-wake'; readonly step: string }

/** What a step did, and the facts that it went by. */
export interface TrailEntry {
  readonly step: string
  readonly did:
    | 'action-requested'
    | 'action-failed'
    | 'action-redriven'
    | 'waiting'
    | 'daily-cap'
    | 'serious-ticket'
    | 'condition-met'
    | 'limit-reached'
    | 'branch-taken'
    | 'goal-set'
    | 'goal-met'
    | 'exited'
  readonly detail: Readonly<Record<string, unknown>>
}

/** What entering a node comes to: on to the next, a rest, or the end. */
export type Entered =
  | { readonly kind: 'on'; readonly next: string | null; readonly goal?: string; readonly trail?: TrailEntry }
  | { readonly kind: 'rest'; readonly waiting: Waiting; readonly output?: Output; readonly trail: TrailEntry }
  | { readonly kind: 'end'; readonly state: RunState; readonly trail: TrailEntry }

export const entry = (step: string, did: TrailEntry['did'], detail: TrailEntry['detail'] = {}): TrailEntry => ({
  step,
  did,
  detail,
})

export const asked = (test: Test, { facts }: Context): { met: boolean; detail: TrailEntry['detail'] } => {
  const verdict = test(facts)
  const { used } = verdict
  return { met: holds(verdict), detail: verdict.kind === 'decided' ? { used } : { used, undecided: verdict.reason } }
}

const endOf = (until: Until, { now, local }: Context): Date => {
  if ('for' in until) return new Date(now.getTime() + (durationMs(until.for) ?? 0))
  return 'until' in until ? new Date(until.until) : nextDue({ every: 'day', at: until.time }, now, local)
}

const rest = (step: string, waitingFor: Extract<Waiting, { until: string }>['for'], at: Date): Entered => ({
  kind: 'rest',
  waiting: { for: waitingFor, until: at.toISOString() },
  output: { kind: 'wake', step, at },
  trail: entry(step, waitingFor === 'cap' ? 'daily-cap' : 'waiting', { until: at.toISOString() }),
})

const enterAction = ({ id, spec }: Extract<Node, { kind: 'action' }>, context: Context): Entered => {
  const { now, local, program, facts } = context
  const { serious } = facts.tickets
  if (program.selling && serious > 0) {
    const used = { 'tickets.serious': serious }
    return { kind: 'rest', waiting: { for: 'serious-ticket' }, trail: entry(id, 'serious-ticket', { used }) }
  }
  if (context.capReached(id)) return rest(id, 'cap', local.instantOf(addDays(local.dayOf(now), 1), '00:00'))
  return {
    kind: 'rest',
    waiting: { for: 'action' },
    output: { kind: 'request', step: id, spec },
    trail: entry(id, 'action-requested', { kind: spec.kind }),
  }
}

const enterBranch = ({ id, cases, otherwise }: Extract<Node, { kind: 'branch' }>, context: Context): Entered => {
  let used = {}
  for (const [at, { test, next }] of cases.entries()) {
    const { met, detail } = asked(test, context)
    used = { ...used, ...detail }
    if (met) return { kind: 'on', next, trail: entry(id, 'branch-taken', { ...used, case: at }) }
  }
  return { kind: 'on', next: otherwise, trail: entry(id, 'branch-taken', { ...used, case: 'otherwise' }) }
}

/** Does what a step does when a run comes to it. */
export const enter = (node: Node, context: Context): Entered => {
  const { id } = node
  if (node.kind === 'exit') return { kind: 'end', state: { status: 'exited' }, trail: entry(id, 'exited') }
  if (node.kind === 'action') return enterAction(node, context)
  if (node.kind === 'branch') return enterBranch(node, context)
  if (node.kind === 'wait') {
    const at = endOf(node.until, context)
    return at <= context.now ? { kind: 'on', next: node.next } : rest(id, 'time', at)
  }
  const { met, detail } = asked(node.test, context)
  if (node.kind === 'goal')
    return met
      ? { kind: 'end', state: { status: 'goal' }, trail: entry(id, 'goal-met', detail) }
      : { kind: 'on', next: node.next, goal: id, trail: entry(id, 'goal-set', detail) }
  if (met) return { kind: 'on', next: node.next, trail: entry(id, 'condition-met', detail) }
  return rest(id, 'condition', new Date(context.now.getTime() + node.limitMs))
}
