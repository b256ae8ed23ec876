import Type from 'typebox'
import { AccountId, causes, Instant, Nullable, OpenValues } from './common.ts'

const Name = Type.String({ minLength: 1 })

export const Pace = Type.Union([Type.Literal('on-track'), Type.Literal('behind'), Type.Literal('stuck')])
export type Pace = Type.Static<typeof Pace>

export const JourneyFlag = Type.Union([Type.Literal('stalled'), Type.Literal('dormant'), Type.Literal('at-risk')], {
  description:
    '`stalled`: too long in a stage that must be left; `dormant`: no qualifying event; `at-risk`: health is red.',
})
export type JourneyFlag = Type.Static<typeof JourneyFlag>

const progress = {
  accountId: AccountId,
  journey: Type.Object({ name: Name, version: Type.Integer({ minimum: 1 }) }),
  stage: Type.With(Name, { description: 'The stage that the account is in after it.' }),
  at: Type.With(Instant, { description: 'From when on it holds.' }),
  ...causes,
  values: Type.With(OpenValues, { description: 'What was compared: facts by name.' }),
  reason: Type.With(Type.String(), { description: 'In words, for people.' }),
}

export const StageEntered = Type.Object(
  {
    ...progress,
    from: Nullable(Name),
    direction: Type.Union([Type.Literal('first'), Type.Literal('forward'), Type.Literal('back')]),
  },
  { description: 'An account entered a stage of its journey. `from` is null for the first stage.' },
)
export type StageEntered = Type.Static<typeof StageEntered>

export const MilestoneReached = Type.Object(
  {
    ...progress,
    milestone: Name,
    how: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
  },
  { description: 'An account reached a milestone of its journey.' },
)
export type MilestoneReached = Type.Static<typeof MilestoneReached>

export const PaceChanged = Type.Object(
  { ...progress, milestone: Nullable(Name), from: Pace, to: Pace },
  {
    description:
      'How an account stands against the expected and the longest duration of its stage, or of a milestone in it.',
  },
)
export type PaceChanged = Type.Static<typeof PaceChanged>

export const FlagRaised = Type.Object(
  {
    ...progress,
    flag: JourneyFlag,
    first: Type.With(Type.Optional(Type.Boolean()), {
      description: '`at-risk` from the first score on, or by a measure that is new for everybody: nothing has changed.',
    }),
  },
  { description: 'Something about an account on its journey wants attention.' },
)
export type FlagRaised = Type.Static<typeof FlagRaised>

export const FlagCleared = Type.Object(
  {
    ...progress,
    flag: JourneyFlag,
    first: Type.With(Type.Optional(Type.Boolean()), {
      description: '`at-risk` no more by a measure that is new for everybody: nothing has changed.',
    }),
  },
  { description: 'A flag that was raised no longer holds.' },
)
export type FlagCleared = Type.Static<typeof FlagCleared>
