import Type from 'typebox'
import { AccountId, Band, causes, Instant, Nullable } from './common.ts'

const Score = Type.Number({ minimum: 0, maximum: 100 })

export const ScoredMeasure = Type.Object({
  measure: Type.String({ minLength: 1 }),
  half: Type.Union([Type.Literal('outcome'), Type.Literal('experience')]),
  weight: Type.Number({ minimum: 0 }),
  value: Type.With(Nullable(Type.Number()), { description: "In the measure's own unit; null when missing." }),
  score: Type.With(Nullable(Score), { description: '0 to 100; null when missing.' }),
  peerRank: Type.With(Type.Optional(Nullable(Score)), {
    description: '0 to 100 among its peers; null without peers, left out where the measure has none.',
  }),
  contribution: Type.With(Type.Number(), {
    description: 'Points it adds to 50; the contributions of a score add up to score − 50.',
  }),
  missing: Type.With(Type.Optional(Type.String()), { description: 'Why there is no value.' }),
})
export type ScoredMeasure = Type.Static<typeof ScoredMeasure>

export const ScoredHalf = Type.Object(
  { score: Nullable(Score), coverage: Type.Number({ minimum: 0, maximum: 1 }) },
  { description: 'One half of the score. `score` is null below a coverage of 0.5 ("not enough data").' },
)
export type ScoredHalf = Type.Static<typeof ScoredHalf>

export const ScoreOverride = Type.Object(
  {
    score: Score,
    reason: Type.String({ minLength: 1 }),
    until: Instant,
  },
  { description: 'A score that a person set in place of the computed one, for a while; health knows who.' },
)
export type ScoreOverride = Type.Static<typeof ScoreOverride>

export const AccountScored = Type.Object(
  {
    accountId: AccountId,
    scoredAt: Instant,
    day: Type.With(Type.String({ format: 'date' }), {
      description: "The day scored, in the installation's time zone: `2026-01-31`.",
    }),
    scorecard: Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }),
    score: Nullable(Score),
    band: Nullable(Band),
    partial: Type.With(Type.Boolean(), { description: 'One half is null, the score is the other half.' }),
    coverage: Type.Number({ minimum: 0, maximum: 1 }),
    outcome: ScoredHalf,
    experience: ScoredHalf,
    measures: Type.Array(ScoredMeasure),
    override: Type.With(Type.Optional(Nullable(ScoreOverride)), {
      description:
        "While there is one, `score` and `band` are the override's; halves, measures and `computed` are what they would be.",
    }),
    computed: Type.Optional(Type.Object({ score: Nullable(Score), band: Nullable(Band) })),
    measuredAnew: Type.With(
      Type.Optional(Type.Object({ day: Type.String({ format: 'date' }), band: Nullable(Band) })),
      {
        description:
          'The last time that a measure was new for everybody, and the band by it alone: what differs from scores before is no change of the account.',
      },
    ),
    oldestInputAt: Type.With(Nullable(Instant), {
      description:
        'Event times of the newest input of the kind (usage, tickets) that was silent longest, and of all; null without any.',
    }),
    newestInputAt: Nullable(Instant),
  },
  { description: 'The present score of an account (compacted: the latest per account counts).' },
)
export type AccountScored = Type.Static<typeof AccountScored>

export const SplitCause = Type.Union(
  [
    Type.Literal('override'),
    Type.Literal('configuration'),
    Type.Literal('peers'),
    Type.Literal('ageing'),
    Type.Literal('late-data'),
    Type.Literal('behaviour'),
  ],
  {
    description:
      'Why a score moved, in the order in which the inputs were replaced. `override`: a person set or lifted one.',
  },
)
export type SplitCause = Type.Static<typeof SplitCause>

const change = {
  accountId: AccountId,
  day: Type.String({ format: 'date' }),
  scorecard: Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }),
  from: Type.Object({ score: Nullable(Score), band: Nullable(Band), day: Type.String({ format: 'date' }) }),
  to: Type.Object({ score: Nullable(Score), band: Nullable(Band) }),
  measures: Type.Array(ScoredMeasure),
  ...causes,
  split: Type.With(Type.Optional(Type.Array(Type.Object({ cause: SplitCause, points: Type.Number() }))), {
    description: 'Points by cause; they add up to `to.score` − `from.score`. Left out where one of these is null.',
  }),
  first: Type.With(Type.Optional(Type.Boolean()), { description: "The account's first score; `from` is null then." }),
}

export const HealthBandChanged = Type.Object(change, {
  description: 'The band of an account is another than before; `first` says that there was none before.',
})
export type HealthBandChanged = Type.Static<typeof HealthBandChanged>

export const HealthScoreMoved = Type.Object(
  { ...change, movedBy: Type.Number() },
  { description: 'The score moved by 10 or more within 7 days.' },
)
export type HealthScoreMoved = Type.Static<typeof HealthScoreMoved>

export const HealthAlarmRaised = Type.Object(
  {
    ...change,
    recent: Type.With(Type.Number({ minimum: 0 }), { description: 'Person-days of the last 7 days.' }),
    usual: Type.With(Type.Number({ minimum: 0 }), {
      description: 'Weekly mean of person-days of the 8 weeks that ended 7 days ago.',
    }),
  },
  { description: "The drop detector's alarm: use fell well below what it usually is." },
)
export type HealthAlarmRaised = Type.Static<typeof HealthAlarmRaised>
