import { AccountId, Nullable, OpenValues, Pace } from '@banso/contracts'
import { InstantText } from '@banso/platform'
import Type from 'typebox'

const Name = Type.String({ examples: ['onboarding'] })
const Count = Type.Integer({ minimum: 0, examples: [4] })
const Title = Type.Record(Type.String(), Type.String(), {
  description: 'By language.',
  examples: [{ en: 'Onboarding', ja: '導入' }],
})
const Reason = Type.String({ description: 'In words, for people.', examples: ['4 of 5 people were invited'] })
const Evidence = Type.Array(Type.String(), { description: 'Event ids, the newest first, at most 20.', examples: [[]] })
const Standing = Type.Union(
  [
    Type.Literal('dormant'),
    Type.Literal('stalled'),
    Type.Literal('stuck'),
    Type.Literal('behind'),
    Type.Literal('on-track'),
  ],
  { description: 'The one thing to see of an account: the gravest.' },
)

export const AccountParameter = Type.String({ description: 'Account id.' })
export const JourneyParameter = Type.String({ description: 'Name of the journey.' })
export const MilestoneParameter = Type.String({ description: "Name of a milestone of the account's journey." })

const MilestoneSchema = Type.Object(
  {
    name: Name,
    title: Title,
    stage: Name,
    kind: Type.Union([Type.Literal('automatic'), Type.Literal('manual')]),
    reachedAt: Nullable(InstantText),
    reason: Nullable(Reason),
    values: Type.With(OpenValues, { description: 'What was compared: facts by name.', examples: [{}] }),
    evidence: Evidence,
    by: Type.Optional(Type.String({ description: 'Who said so, of a manual one.', examples: ['mika'] })),
    note: Type.Optional(Type.String({ examples: ['Kick-off was held.'] })),
    pace: Type.With(Nullable(Type.Object({ pace: Pace, reason: Reason })), {
      description: 'Of one of the present stage that is not reached.',
    }),
  },
  { title: 'Milestone' },
)

export const AccountJourneySchema = Type.Object(
  {
    accountId: AccountId,
    journey: Type.Object({ name: Name, version: Type.Integer({ minimum: 1 }), title: Title }),
    stage: Name,
    since: InstantText,
    daysInStage: Count,
    standing: Standing,
    pace: Type.Object({
      pace: Pace,
      reason: Reason,
      since: Type.With(Nullable(InstantText), { description: 'Null: from the start.' }),
    }),
    flags: Type.Array(
      Type.Object({
        flag: Type.String({ examples: ['stalled'], description: '`stalled`, `dormant` or `at-risk`.' }),
        since: InstantText,
        reason: Reason,
      }),
    ),
    milestones: Type.Array(MilestoneSchema),
    history: Type.Array(
      Type.Object({
        stage: Name,
        from: Nullable(Name),
        direction: Type.Union([Type.Literal('first'), Type.Literal('forward'), Type.Literal('back')]),
        at: InstantText,
        reason: Reason,
        values: Type.With(OpenValues, { examples: [{}] }),
        evidence: Evidence,
      }),
      { description: 'Stages in the order in which they were entered, and why.' },
    ),
  },
  { title: 'AccountJourney', description: 'Where an account stands on its journey, and why.' },
)

export const BoardSchema = Type.Object(
  {
    journey: Name,
    stages: Type.Array(
      Type.Object({
        stage: Name,
        accounts: Count,
        states: Type.Object(
          { 'on-track': Count, behind: Count, stuck: Count, stalled: Count, dormant: Count },
          { description: 'Accounts by the gravest that is to be said of them.' },
        ),
        atRisk: Type.With(Count, { description: 'Of them, whatever their state: those whose health is red.' }),
      }),
      { description: 'In the order of the newest version; then those that only older versions have.' },
    ),
  },
  { title: 'Board' },
)

export const AccountLineSchema = Type.Object(
  {
    accountId: AccountId,
    name: Nullable(Type.String({ examples: ['Acme'] })),
    externalId: Nullable(Type.String({ examples: ['acme'] })),
    version: Type.Integer({ minimum: 1, description: 'Of the journey.' }),
    stage: Name,
    since: InstantText,
    standing: Standing,
    reason: Reason,
    atRisk: Type.Boolean(),
  },
  { title: 'AccountLine' },
)
