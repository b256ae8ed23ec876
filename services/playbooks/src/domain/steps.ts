import type { ActionSpec } from './action-spec.ts'

/** CEL, by libs/conditions. */
type Source = string

export interface ActionStep {
  readonly id: string
  readonly action: ActionSpec
  /** As often as this may be requested in a day of the installation, over all accounts. */
  readonly dailyCap?: number
  /** What a failure does to the run. */
  readonly onFailure: 'fail' | 'continue'
}

export type Wait =
  /** ISO 8601 duration. */
  | { readonly for: string }
  /** An instant. */
  | { readonly until: string }
  /** The next such time, `hh:mm`, in the installation's time zone. */
  | { readonly time: string }
  /** Until the condition holds; at the limit (ISO 8601 duration) on by `onLimit`, then by what comes next. */
  | { readonly condition: Source; readonly limit: string; readonly onLimit: readonly Step[] }

export interface WaitStep {
  readonly id: string
  readonly wait: Wait
}

export interface BranchStep {
  readonly id: string
  /** The first case that holds is taken. */
  readonly branch: readonly { readonly when: Source; readonly steps: readonly Step[] }[]
  readonly otherwise: readonly Step[]
}

/** In force from here to the end of the run: once it holds, the run ends. */
export interface GoalStep {
  readonly id: string
  readonly goal: Source
}

export interface ExitStep {
  readonly id: string
  readonly exit: true
}

export type Step = ActionStep | WaitStep | BranchStep | GoalStep | ExitStep

const inside = (step: Step): readonly Step[] => {
  if ('branch' in step) return [...step.branch.flatMap(({ steps }) => steps), ...step.otherwise]
  return 'wait' in step && 'condition' in step.wait ? step.wait.onLimit : []
}

/** Where the webhooks of these steps go, those inside others included. */
export const urlsOf = (steps: readonly Step[]): string[] =>
  steps.flatMap((step) => [
    ...('action' in step && 'url' in step.action ? [step.action.url] : []),
    ...urlsOf(inside(step)),
  ])
