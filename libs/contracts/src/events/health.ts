import Type from 'typebox'
import { AccountId, Band, Instant } from './common.ts'

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Score = Type.Number({ minimum: 0, maximum: 100 })

export const ScoredMeasure = Type.Object({
  measure: Type.String({ minLength: 1 }),
  half: Type.Union([Type.Literal('outcome'), Type.Literal('experience')]),
  weight: Type.Number({ minimum: 0 }),
  /** In the measure's own unit; null when missing. */
  value: Nullable(Type.Number()),
  /** 0 to 100; null when missing. */
  score: Nullable(Score),
  /** Points it adds to 50; the contributions of a score add up to score − 50. */
  contribution: Type.Number(),
  /** Why there is no value. */
  missing: Type.Optional(Type.String()),
})
export type ScoredMeasure = Type.Static<typeof ScoredMeasure>

/** One half of the score. `score` is null below a coverage of 0.5 ("not enough data"). */
export const ScoredHalf = Type.Object({ score: Nullable(Score), coverage: Type.Number({ minimum: 0, maximum: 1 }) })
export type ScoredHalf = Type.Static<typeof ScoredHalf>

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
  /** Event times of the newest input of the kind (usage, tickets) that was silent longest, and of all; null without any. */
  oldestInputAt: Nullable(Instant),
  newestInputAt: Nullable(Instant),
})
export type AccountScored = Type.Static<typeof AccountScored>

const change = {
  accountId: AccountId,
  day: Type.String({ format: 'date' }),
  scorecard: Type.Object({ name: Type.String(), version: Type.Integer({ minimum: 1 }) }),
  from: Type.Object({ score: Nullable(Score), band: Nullable(Band), day: Type.String({ format: 'date' }) }),
  to: Type.Object({ score: Nullable(Score), band: Nullable(Band) }),
  measures: Type.Array(ScoredMeasure),
  /** `events`: new events came in; `daily`: the daily run (ageing, silence). */
  cause: Type.Union([Type.Literal('events'), Type.Literal('daily')]),
  /** The newest of the events that caused it; null for `daily`. */
  newestEvent: Nullable(Type.Object({ id: Type.String({ minLength: 1 }), time: Instant, receivedAt: Instant })),
  /** ce_ids of events that caused it, newest first, at most 20. */
  evidence: Type.Array(Type.String(), { maxItems: 20 }),
}

export const HealthBandChanged = Type.Object(change)
export type HealthBandChanged = Type.Static<typeof HealthBandChanged>

/** The score moved by 10 or more within 7 days. */
export const HealthScoreMoved = Type.Object({ ...change, movedBy: Type.Number() })
export type HealthScoreMoved = Type.Static<typeof HealthScoreMoved>
