import { AccountScored, Nullable, ScoreOverride } from '@banso/contracts'
import { InstantText } from '@banso/platform'
import Type from 'typebox'

export const ScoredSchema = Type.With(AccountScored, { title: 'AccountScored' })

export const KeptOverrideSchema = Type.Object(
  {
    id: Type.Integer({ description: 'Rises with each.', examples: [3] }),
    ...ScoreOverride.properties,
    note: Nullable(Type.String({ examples: ['They renewed by phone.'] })),
    setAt: InstantText,
    endedAt: Nullable(InstantText),
    endedBy: Nullable(Type.Union([Type.Literal('expired'), Type.Literal('lifted'), Type.Literal('replaced')])),
  },
  { title: 'KeptOverride' },
)
