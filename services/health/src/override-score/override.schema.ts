import { AccountScored, Nullable, ScoreOverride } from '@banso/contracts'
import { InstantText } from '@banso/platform'
import Type from 'typebox'

const Owner = Type.String({ description: 'Who answers for it.', examples: ['mika'] })

/** A score as people see it. */
export const presentScore = {
  ...AccountScored.properties,
  override: Type.With(Type.Optional(Nullable(Type.Object({ ...ScoreOverride.properties, owner: Nullable(Owner) }))), {
    description: AccountScored.properties.override.description,
  }),
}

export const ScoredSchema = Type.Object(presentScore, { title: 'AccountScored' })

export const KeptOverrideSchema = Type.Object(
  {
    id: Type.Integer({ description: 'Rises with each.', examples: [3] }),
    ...ScoreOverride.properties,
    owner: Owner,
    note: Nullable(Type.String({ examples: ['They renewed by phone.'] })),
    setAt: InstantText,
    endedAt: Nullable(InstantText),
    endedBy: Nullable(Type.Union([Type.Literal('expired'), Type.Literal('lifted'), Type.Literal('replaced')])),
  },
  { title: 'KeptOverride' },
)
