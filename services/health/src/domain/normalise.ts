import Type from 'typebox'

const Score = Type.Number({ minimum: 0, maximum: 100 })

/**
 * How a value becomes 0 to 100 in place of the measure's own way: on the line from `zeroAt` to `fullAt` (which may be the
 * smaller: less is better), or by the last tier whose `from` it has reached (0 below the first).
 */
export const Normalisation = Type.Union([
  Type.Object(
    { by: Type.Literal('linear'), zeroAt: Type.Number(), fullAt: Type.Number() },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      by: Type.Literal('tiers'),
      tiers: Type.Array(Type.Object({ from: Type.Number(), score: Score }, { additionalProperties: false }), {
        minItems: 1,
        maxItems: 20,
      }),
    },
    { additionalProperties: false },
  ),
])
export type Normalisation = Type.Static<typeof Normalisation>

export const normalised = (value: number, normalisation: Normalisation): number => {
  if (normalisation.by === 'tiers') {
    const reached = normalisation.tiers.findLast(({ from }) => value >= from)
    return reached?.score ?? 0
  }
  const { zeroAt, fullAt } = normalisation
  return 100 * Math.max(0, Math.min(1, (value - zeroAt) / (fullAt - zeroAt)))
}

/** What is wrong with it, that its schema cannot say: the field and why. */
export const normalisationFaults = (normalisation: Normalisation): { field: string; message: string }[] => {
  if (normalisation.by === 'linear')
    return normalisation.zeroAt === normalisation.fullAt
      ? [{ field: '/fullAt', message: 'must differ from zeroAt' }]
      : []
  return normalisation.tiers.flatMap(({ from }, index, tiers) =>
    index > 0 && from <= (tiers[index - 1]?.from ?? from)
      ? [{ field: `/tiers/${index}/from`, message: 'must be greater than that of the tier before' }]
      : [],
  )
}
