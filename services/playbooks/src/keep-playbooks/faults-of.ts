// What a schema cannot say of a playbook: names that are there twice, texts that are no conditions, lengths of time.
import type { BlueprintFault } from '@banso/blueprints'
import { compileCondition, type ConditionScope } from '@banso/conditions'
import type { Dedupe, TriggerName } from '../domain/document.ts'
import { durationMs } from '../domain/duration.ts'
import type { PlaybookSpec } from './playbook-schema.ts'
import type { StepSpec } from './step-schema.ts'

const MOST_STEPS = 100
const MOST_DEPTH = 5
const LONGEST_DAYS = 366

/** A step, where it stands, and inside how many others. */
export interface PlacedStep {
  readonly step: StepSpec
  readonly pointer: string
  readonly depth: number
}

const childrenOf = (step: StepSpec): [string, readonly StepSpec[]][] => {
  if ('wait' in step) return 'condition' in step.wait ? [['/wait/onLimit', step.wait.onLimit ?? []]] : []
  if (!('branch' in step)) return []
  return [
    ...step.branch.map(({ steps }, at): [string, readonly StepSpec[]] => [`/branch/${at}/steps`, steps]),
    ['/otherwise', step.otherwise ?? []],
  ]
}

const placedIn = (steps: readonly StepSpec[], pointer: string, depth: number): PlacedStep[] =>
  steps.flatMap((step, at) => {
    const here = `${pointer}/${at}`
    const inner = childrenOf(step).flatMap(([key, children]) => placedIn(children, here + key, depth + 1))
    return [{ step, pointer: here, depth }, ...inner]
  })

/** All steps of a playbook, those inside others included. */
export const placedSteps = ({ steps = [] }: PlaybookSpec): PlacedStep[] => placedIn(steps, '/spec/steps', 1)

const conditionFaults = (pointer: string, source: string | undefined, scope: ConditionScope): BlueprintFault[] => {
  if (source === undefined) return []
  const compiled = compileCondition(source, scope)
  return 'faults' in compiled ? compiled.faults.map((fault) => ({ pointer, code: 'CONDITION_INVALID', ...fault })) : []
}

const durationFaults = (pointer: string, text: string | undefined): BlueprintFault[] => {
  if (text === undefined) return []
  const ms = durationMs(text)
  if (ms !== null && ms > 0 && ms <= LONGEST_DAYS * 86_400_000) return []
  const message = `must be an ISO 8601 duration of weeks, or days, hours, minutes and seconds (P7D, PT12H), above zero and up to ${LONGEST_DAYS} days`
  return [{ pointer, message }]
}

const stepFaults = ({ step, pointer, depth }: PlacedStep): BlueprintFault[] => {
  const deep =
    depth > MOST_DEPTH ? [{ pointer, message: `is inside ${depth - 1} steps; ${MOST_DEPTH - 1} at most` }] : []
  if ('goal' in step) return [...deep, ...conditionFaults(`${pointer}/goal`, step.goal, 'account')]
  if ('branch' in step)
    return [
      ...deep,
      ...step.branch.flatMap(({ when }, at) => conditionFaults(`${pointer}/branch/${at}/when`, when, 'account')),
    ]
  if (!('wait' in step)) return deep
  if ('for' in step.wait) return [...deep, ...durationFaults(`${pointer}/wait/for`, step.wait.for)]
  if (!('condition' in step.wait)) return deep
  const { condition, limit } = step.wait
  return [
    ...deep,
    ...conditionFaults(`${pointer}/wait/condition`, condition, 'account'),
    ...durationFaults(`${pointer}/wait/limit`, limit),
  ]
}

const repeatedIds = (placed: readonly PlacedStep[]): BlueprintFault[] => {
  const first = new Map<string, string>()
  return placed.flatMap(({ step: { id }, pointer }) => {
    const before = first.get(id)
    if (before !== undefined) return [{ pointer: `${pointer}/id`, message: `is the id of ${before} too` }]
    first.set(id, pointer)
    return []
  })
}

const HEALTH: readonly TriggerName[] = ['band-changed', 'score-moved', 'alarm-raised']
const JOURNEY: readonly TriggerName[] = [
  'stage-entered',
  'milestone-reached',
  'pace-changed',
  'flag-raised',
  'flag-cleared',
]
const TICKETS: readonly TriggerName[] = ['ticket-opened', 'ticket-status-changed', 'ticket-replied', 'ticket-rated']
const DEDUPED_BY: Partial<Record<Dedupe, readonly TriggerName[]>> = {
  'account-and-band': HEALTH,
  'account-and-stage': JOURNEY,
  ticket: TICKETS,
}
/** They tell of a state in which accounts may be already. */
const STATES: readonly TriggerName[] = [
  'band-changed',
  'stage-entered',
  'milestone-reached',
  'pace-changed',
  'flag-raised',
]

const combinationFaults = ({ trigger, dedupe, firstActivation, steps, action }: PlaybookSpec): BlueprintFault[] => {
  const told = dedupe === undefined ? undefined : DEDUPED_BY[dedupe]
  return [
    ...(steps === undefined && action === undefined
      ? [{ pointer: '/spec', message: 'needs steps, or the one action that it consists of' }]
      : []),
    ...(steps !== undefined && action !== undefined
      ? [{ pointer: '/spec/action', message: 'cannot stand beside steps: make it one of them' }]
      : []),
    ...(told !== undefined && !told.includes(trigger.on)
      ? [{ pointer: '/spec/dedupe', message: `goes with the triggers ${told.join(', ')}` }]
      : []),
    ...(firstActivation === 'existing' && !STATES.includes(trigger.on)
      ? [{ pointer: '/spec/firstActivation', message: `existing goes with the triggers ${STATES.join(', ')}` }]
      : []),
  ]
}

/** Every fault of a playbook but those of its actions' targets and contents. */
export const faultsOf = (spec: PlaybookSpec): BlueprintFault[] => {
  const placed = placedSteps(spec)
  return [
    ...combinationFaults(spec),
    ...conditionFaults('/spec/condition', spec.condition, 'trigger'),
    ...conditionFaults('/spec/audience', spec.audience, 'account'),
    ...durationFaults('/spec/coolDown', spec.coolDown),
    ...(placed.length > MOST_STEPS
      ? [{ pointer: '/spec/steps', message: `has ${placed.length} steps; ${MOST_STEPS} at most` }]
      : []),
    ...repeatedIds(placed),
    ...placed.flatMap(stepFaults),
  ]
}
