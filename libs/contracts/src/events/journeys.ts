import Type from 'typebox'
import { AccountId, causes, Instant, Nullable, OpenValues } from './common.ts'

const Name = Type.String({ minLength: 1 })

export const Pace = Type.Union([Type.Literal('on-track'), Type.Literal('behind'), Type.Literal('stuck')])
export type Pace = Type.Static<typeof Pace>

/** `stalled`: too long in a stage that must be left; `dormant`: no qualifying event; `at-risk`: health is red. */
export const JourneyFlag = Type.Union([Type.Literal('stalled'), Type.Literal('dormant'), Type.Literal('at-risk')])
export type JourneyFlag = Type.Static<typeof JourneyFlag>

const progress = {
  accountId: AccountId,
  journey: Type.Object({ name: Name, version: Type.Integer({ minimum: 1 }) }),
  /** The stage that the account is in after it. */
  stage: Name,
  /** From when on it holds. */
  at: Instant,
  ...causes,
  /** What was compared: facts by name. */
  values: OpenValues,
  /** In words, for people. */
  reason: Type.String(),
}

/** `from` is null for the first stage. */
export const StageEntered = Type.Object({
  ...progress,
  from: Nullable(Name),
  direction: Type.Union([Type.Literal('first'), Type.Literal('forward'), Type.Literal('back')]),
})
export type StageEntered = Type.Static<typeof StageEntered>

export const MilestoneReached = Type.Object({
  ...progress,
  milestone: Name,
  how: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
})
export type MilestoneReached = Type.Static<typeof MilestoneReached>

/** How an account stands against the expected and the longest duration of its stage, or of a milestone in it. */
export const PaceChanged = Type.Object({ ...progress, milestone: Nullable(Name), from: Pace, to: Pace })
export type PaceChanged = Type.Static<typeof PaceChanged>

export const FlagRaised = Type.Object({
  ...progress,
  flag: JourneyFlag,
  /** `at-risk` from the first score on: nothing has changed. */
  first: Type.Optional(Type.Boolean()),
})
export type FlagRaised = Type.Static<typeof FlagRaised>

export const FlagCleared = Type.Object({ ...progress, flag: JourneyFlag })
export type FlagCleared = Type.Static<typeof FlagCleared>
