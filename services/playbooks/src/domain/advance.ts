import { asked, type Context, enter, entry, type Output, type TrailEntry } from './enter-step.ts'
import type { HeldInput, RunState } from './run-state.ts'

export type Running = Extract<RunState, { status: 'running' }>

export interface Advanced {
  readonly state: RunState
  readonly outputs: readonly Output[]
  readonly trail: readonly TrailEntry[]
}

/** From a step on, until the run rests or ends. */
const go = (from: string | null, goalsBefore: readonly string[], context: Context): Advanced => {
  const trail: TrailEntry[] = []
  let goals = goalsBefore
  let at = from
  while (at !== null) {
    const node = context.program.nodes.get(at)
    if (node === undefined) return { state: { status: 'failed', reason: 'step-unknown' }, outputs: [], trail }
    const entered = enter(node, context)
    if (entered.trail !== undefined) trail.push(entered.trail)
    if (entered.kind === 'end') return { state: entered.state, outputs: [], trail }
    if (entered.kind === 'rest') {
      const state: Running = { status: 'running', step: at, waiting: entered.waiting, goals, held: [] }
      return { state, outputs: entered.output === undefined ? [] : [entered.output], trail }
    }
    if (entered.goal !== undefined) goals = [...goals, entered.goal]
    at = entered.next
  }
  return { state: { status: 'done' }, outputs: [], trail }
}

/** Before what follows from an input: what had happened by then. */
const after = (outputs: readonly Output[], trail: readonly TrailEntry[], then: Advanced): Advanced => ({
  state: then.state,
  outputs: [...outputs, ...then.outputs],
  trail: [...trail, ...then.trail],
})

const unchanged = (state: RunState, ...outputs: Output[]): Advanced => ({ state, outputs, trail: [] })

const cancelWake = ({ step, waiting }: Running): Output[] => ('until' in waiting ? [{ kind: 'cancel-wake', step }] : [])

const goalMet = (state: Running, context: Context): Advanced | null => {
  for (const id of state.goals) {
    const node = context.program.nodes.get(id)
    if (node?.kind !== 'goal') continue
    const { met, detail } = asked(node.test, context)
    if (met) {
      const trail = [entry(id, 'goal-met', detail)]
      return { state: { status: 'goal' }, outputs: cancelWake(state), trail }
    }
  }
  return null
}

const settled = (state: Running, input: Extract<HeldInput, { kind: 'settled' }>, context: Context): Advanced => {
  const node = context.program.nodes.get(state.step)
  if (node?.kind !== 'action' || state.waiting.for !== 'action') return unchanged(state)
  if (input.outcome.kind === 'done') return go(node.next, state.goals, context)
  const { reason } = input.outcome
  const trail = [entry(node.id, 'action-failed', { reason })]
  if (node.onFailure === 'fail') {
    const at = { step: node.id, goals: state.goals }
    return { state: { status: 'failed', reason, at }, outputs: [], trail }
  }
  return after([], trail, go(node.next, state.goals, context))
}

const due = (state: Running, context: Context): Advanced => {
  const { waiting, step, goals } = state
  const node = context.program.nodes.get(step)
  if (!('until' in waiting) || node === undefined) return unchanged(state)
  const until = new Date(waiting.until)
  if (context.now < until) return unchanged(state, { kind: 'wake', step, at: until })
  if (waiting.for === 'cap') return go(step, goals, context)
  if (node.kind === 'wait') return go(node.next, goals, context)
  if (node.kind !== 'wait-condition') return unchanged(state)
  const { met, detail } = asked(node.test, context)
  const trail = [entry(step, met ? 'condition-met' : 'limit-reached', detail)]
  return after([], trail, go(met ? node.next : node.onLimit, goals, context))
}

const look = (state: Running, context: Context): Advanced => {
  const node = context.program.nodes.get(state.step)
  if (state.waiting.for === 'serious-ticket')
    return context.facts.tickets.serious > 0 ? unchanged(state) : go(state.step, state.goals, context)
  if (node?.kind !== 'wait-condition') return unchanged(state)
  const { met, detail } = asked(node.test, context)
  if (!met) return unchanged(state)
  return after(cancelWake(state), [entry(node.id, 'condition-met', detail)], go(node.next, state.goals, context))
}

const apply = (state: RunState, input: HeldInput, context: Context): Advanced => {
  if (state.status !== 'running' || (input.kind !== 'look' && input.step !== state.step)) return unchanged(state)
  const goal = goalMet(state, context)
  if (goal !== null) return goal
  if (input.kind === 'settled') return settled(state, input, context)
  return input.kind === 'due' ? due(state, context) : look(state, context)
}

const hold = (state: Running, input: HeldInput): Advanced => {
  const counts = input.kind === 'look' || input.step === state.step
  const there = state.held.some(({ kind }) => kind === input.kind)
  return unchanged(counts && !there ? { ...state, held: [...state.held, input] } : state)
}

/** A run that the action of a step failed, when that is asked for again: it waits for it. Null: it stays as it ended. */
export const revive = (state: RunState, step: string): Advanced | null => {
  if (state.status !== 'failed' || state.at?.step !== step) return null
  const { goals } = state.at
  const running: Running = { status: 'running', step, waiting: { for: 'action' }, goals, held: [] }
  return { state: running, outputs: [], trail: [entry(step, 'action-redriven')] }
}

/** A run from its first step on. */
export const begin = (context: Context): Advanced => go(context.program.first, [], context)

/**
 * A run after an input. What is repeated, or meant for a step that the run has left, has no effect; what comes while
 * the playbook is paused is held and has its effect at the first input after that.
 */
export const advance = (state: RunState, input: HeldInput, context: Context): Advanced => {
  if (state.status !== 'running') return unchanged(state)
  if (context.paused) return hold(state, input)
  return [...state.held, input].reduce<Advanced>(
    (before, one) => after(before.outputs, before.trail, apply(before.state, one, context)),
    unchanged(state.held.length === 0 ? state : { ...state, held: [] }),
  )
}
