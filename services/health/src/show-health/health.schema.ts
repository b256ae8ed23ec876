import { AccountId, Band, Nullable, ScoredHalf, ScoredMeasure, TicketPriority, TicketStatus } from '@banso/contracts'
import { InstantText } from '@banso/platform'
import Type from 'typebox'
import { presentScore } from '../override-score/override.schema.ts'

const Score = Nullable(Type.Number({ minimum: 0, maximum: 100, examples: [44.9] }))
const Share = Type.Number({ minimum: 0, maximum: 1, examples: [1] })
const DayText = Type.String({ format: 'date' })
const Scorecard = Type.Object({
  name: Type.String({ examples: ['starter'] }),
  version: Type.Integer({ examples: [1] }),
})

export const AccountParameter = Type.String({ description: 'Account id.' })

export const AccountEntrySchema = Type.Object(
  {
    accountId: AccountId,
    name: Nullable(Type.String({ examples: ['Acme'] })),
    segment: Type.String({ examples: ['all'] }),
    score: Score,
    band: Nullable(Band),
    coverage: Share,
    overridden: Type.Boolean({ description: 'A person had set the score.' }),
    day: Type.With(DayText, { description: 'The day scored.' }),
    newestInputAt: Nullable(InstantText),
  },
  { title: 'AccountEntry' },
)

const Why = Type.Array(
  Type.Object(
    {
      measure: Type.String({ examples: ['frequency'] }),
      label: Type.String({ examples: ['Days of use'] }),
      contribution: Type.Number({ description: 'Points above or below 50.', examples: [4.2] }),
      text: Type.String({ examples: ['used on 15 of the last 28 days'] }),
    },
    { title: 'Reason' },
  ),
  { description: 'In words; the measures that move it most first.' },
)

const PresentScoreSchema = Type.Object(
  { ...presentScore, why: Why },
  { title: 'PresentScore', description: 'The present score and why it is so.' },
)

const ExplainedScoreSchema = Type.Object(
  {
    score: Score,
    partial: Type.Boolean(),
    coverage: Share,
    outcome: ScoredHalf,
    experience: ScoredHalf,
    measures: Type.Array(ScoredMeasure),
    why: Why,
  },
  { title: 'ExplainedScore' },
)

const PastScoreSchema = Type.Object(
  {
    accountId: AccountId,
    day: DayText,
    knownOn: DayText,
    scorecard: Type.With(Scorecard, { description: 'By which both are scored: what was in use on the day.' }),
    peersOn: Nullable(DayText),
    published: Type.With(Nullable(Type.Object({ score: Score, band: Nullable(Band), overridden: Type.Boolean() })), {
      description: 'What was published last for the day; null when it was not scored.',
    }),
    known: Type.With(Nullable(ExplainedScoreSchema), {
      description: 'By what was known at the end of `knownOn`; null when nothing was known of the account.',
    }),
    corrected: Type.With(Nullable(ExplainedScoreSchema), { description: 'By all that is known now.' }),
  },
  { title: 'PastScore', description: 'A score of the past: as it was known then, and as it comes out now.' },
)

export const ScoreSchema = Type.Union([PresentScoreSchema, PastScoreSchema])

export const ScoreOfDaySchema = Type.Object(
  {
    day: DayText,
    score: Score,
    band: Nullable(Band),
    partial: Type.Boolean(),
    coverage: Share,
    outcome: Score,
    experience: Score,
    overridden: Type.Boolean({ description: 'A person had set the score.' }),
    scorecard: Scorecard,
  },
  { title: 'ScoreOfDay' },
)

export const UsageOfDaySchema = Type.Object(
  {
    day: DayText,
    kind: Type.String({ examples: ['track'] }),
    event: Type.String({ examples: ['Report Created'] }),
    count: Type.Integer({ minimum: 0, examples: [31] }),
    persons: Type.Integer({ minimum: 0, examples: [4], description: 'How many different ones.' }),
  },
  { title: 'UsageOfDay' },
)

export const TicketEntrySchema = Type.Object(
  {
    source: Type.String({ examples: ['desk'] }),
    ticketId: Type.String({ examples: ['35436'] }),
    status: TicketStatus,
    priority: Nullable(TicketPriority),
    openedAt: InstantText,
    changedAt: InstantText,
    rating: Nullable(Type.Union([Type.Literal('good'), Type.Literal('bad')])),
  },
  { title: 'TicketEntry' },
)
