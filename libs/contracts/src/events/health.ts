import Type from 'typebox'
import { AccountId, Band, causes, Instant, Nullable } from './common.ts'

const Score = Type.Number({ minimum: 0, maximum: 100 })

export const ScoredMeasure = Type.Object({
  measure: Type.String({ minLength: 1 }),
  half: Type.Union([Type.Literal('outcome'), Type.Literal('experience')]),
  weight: Type.Number({ minimum: 0 }),
  /** In the measure's own unit; null when missing. */
  value: Nullable(Type.Number()),
  /** 0 to 100; null when missing. */
  score: Nullable(Score),
  /** 0 to 100 among its peers; null without peers, left out where the measure has none. */
  peerRank: Type.Optional(Nullable(Score)),
  /** Points it adds to 50; the contributions of a score add up to score − 50. */
  contribution: Type.Number(),
  /** Why there is no value. */
  missing: Type.Optional(Type.String()),
})
export type ScoredMeasure = Type.Static<typeof ScoredMeasure>

/** One half of the score. `score` is null below a coverage of 0.5 ("not enough data"). */
export const ScoredHalf = Type.Object({ score: Nullable(Score), coverage: Type.Number({ minimum: 0, maximum: 1 }) })
export type ScoredHalf = Type.Static<typeof ScoredHalf>

/** A score that a person set in place of the computed one, for a while. */
export const ScoreOverride = Type.Object({
  score: Score,
  reason: Type.String({ minLength: 1 }),
  /** Who answers for it. */
  owner: Type.String({ minLength: 1 }),
  until: Instant,
})
export type ScoreOverride = Type.Static<typeof ScoreOverride>

/** The present score of an account (compacted: the latest per account counts). */
export const AccountScored = Type.Object({
  accountId: AccountId,
  scoredAt: Instant,
  /** The day scored, in the installation's time zone: `2026-01-31`. */
  day: Type.String({ format: 'date' }),
  scorecard: Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }),
  score: Nullable(Score),
  band: Nullable(Band),
  /** One half is null, the score is the other half. */
  partial: Type.Boolean(),
  coverage: Type.Number({ minimum: 0, maximum: 1 }),
  outcome: ScoredHalf,
  experience: ScoredHalf,
  measures: Type.Array(ScoredMeasure),
  /** While there is one, `score` and `band` are the override's; halves, measures and `computed` are what they would be. */
  override: Type.Optional(Nullable(ScoreOverride)),
  computed: Type.Optional(Type.Object({ score: Nullable(Score), band: Nullable(Band) })),
  /** Event times of the newest input of the kind (usage, tickets) that was silent longest, and of all; null without any. */
  oldestInputAt: Nullable(Instant),
  newestInputAt: Nullable(Instant),
})
export type AccountScored = Type.Static<typeof AccountScored>

/** Why a score moved, in the order in which the inputs were replaced. `override`: a person set or lifted one. */
export const SplitCause = Type.Union([
  Type.Literal('override'),
  Type.Literal('configuration'),
  Type.Literal('peers'),
  Type.Literal('ageing'),
  Type.Literal('late-data'),
  Type.Literal('behaviour'),
])
export type SplitCause = Type.Static<typeof SplitCause>

const change = {
  accountId: AccountId,
  day: Type.String({ format: 'date' }),
  scorecard: Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }),
  from: Type.Object({ score: Nullable(Score), band: Nullable(Band), day: Type.String({ format: 'date' }) }),
  to: Type.Object({ score: Nullable(Score), band: Nullable(Band) }),
  measures: Type.Array(ScoredMeasure),
  ...causes,
  /** Points by cause; they add up to `to.score` − `from.score`. Left out where one of these is null. */
  split: Type.Optional(Type.Array(Type.Object({ cause: SplitCause, points: Type.Number() }))),
  /** The account's first score; `from` is null then. */
  first: Type.Optional(Type.Boolean()),
}

export const HealthBandChanged = Type.Object(change)
export type HealthBandChanged = Type.Static<typeof HealthBandChanged>

/** The score moved by 10 or more within 7 days. */
export const HealthScoreMoved = Type.Object({ ...change, movedBy: Type.Number() })
export type HealthScoreMoved = Type.Static<typeof HealthScoreMoved>

/** The drop detector's alarm: use fell well below what it usually is. */
export const HealthAlarmRaised = Type.Object({
  ...change,
  /** Person-days of the last 7 days. */
  recent: Type.Number({ minimum: 0 }),
  /** Weekly mean of person-days of the 8 weeks that ended 7 days ago. */
  usual: Type.Number({ minimum: 0 }),
})
export type HealthAlarmRaised = Type.Static<typeof HealthAlarmRaised>
