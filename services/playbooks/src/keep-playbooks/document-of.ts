import type { PlaybookDocument, Trigger } from '../domain/document.ts'
import type { Step, Wait } from '../domain/steps.ts'
import type { PlaybookSpec } from './playbook-schema.ts'
import type { StepSpec } from './step-schema.ts'
import type { TriggerSpec } from './trigger-schema.ts'

/** Id of the step that an action without steps is. */
export const ONLY_STEP = 'action'

/** Points within 7 days from which on health tells of a move. */
const LEAST_MOVE = 10

const triggerOf = (trigger: TriggerSpec): Trigger =>
  trigger.on === 'score-moved' ? { ...trigger, by: trigger.by ?? LEAST_MOVE } : trigger

const waitOf = (wait: Extract<StepSpec, { wait: unknown }>['wait']): Wait =>
  'condition' in wait ? { ...wait, onLimit: (wait.onLimit ?? []).map(stepOf) } : wait

const stepOf = (step: StepSpec): Step => {
  if ('action' in step) return { ...step, onFailure: step.onFailure ?? 'fail' }
  if ('wait' in step) return { ...step, wait: waitOf(step.wait) }
  if (!('branch' in step)) return step
  const branch = step.branch.map(({ when, steps }) => ({ when, steps: steps.map(stepOf) }))
  return { ...step, branch, otherwise: (step.otherwise ?? []).map(stepOf) }
}

const stepsOf = ({ steps, action }: PlaybookSpec): Step[] => {
  if (steps !== undefined) return steps.map(stepOf)
  return action === undefined ? [] : [{ id: ONLY_STEP, action, onFailure: 'fail' }]
}

/** What a specification means, every default filled in. An action without steps is at work at once. */
export const documentOf = (spec: PlaybookSpec): PlaybookDocument => {
  const { enabled = true, dedupe = 'account', selling = false, condition, audience, coolDown, firstActivation } = spec
  return {
    enabled,
    mode: spec.mode ?? (spec.steps === undefined ? 'active' : 'observe'),
    trigger: triggerOf(spec.trigger),
    ...(condition !== undefined && { condition }),
    ...(audience !== undefined && { audience }),
    dedupe,
    ...(coolDown !== undefined && { coolDown }),
    ...(firstActivation !== undefined && { firstActivation }),
    selling,
    steps: stepsOf(spec),
  }
}
