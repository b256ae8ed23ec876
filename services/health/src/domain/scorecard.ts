import Type from 'typebox'
import { Compile } from 'typebox/compile'

const Half = Type.Union([Type.Literal('outcome'), Type.Literal('experience')])
const Weight = Type.Number({ exclusiveMinimum: 0 })

/** What a scorecard says of one measure. `fullAt`: the value that is worth 100 by fixed bounds. */
const MeasureRule = Type.Union([
  Type.Object({
    measure: Type.Union([Type.Literal('frequency'), Type.Literal('breadth')]),
    half: Half,
    weight: Weight,
    fullAt: Type.Number({ exclusiveMinimum: 0 }),
  }),
  Type.Object({
    measure: Type.Union([Type.Literal('trend'), Type.Literal('open-urgent-load')]),
    half: Half,
    weight: Weight,
  }),
])
export type MeasureRule = Type.Static<typeof MeasureRule>

export const ScorecardDocument = Type.Object({ measures: Type.Array(MeasureRule, { minItems: 1 }) })
export type ScorecardDocument = Type.Static<typeof ScorecardDocument>

const compiled = Compile(ScorecardDocument)

export const isScorecardDocument = (value: unknown): value is ScorecardDocument => compiled.Check(value)

/** A version of a scorecard. Versions are never changed. */
export interface Scorecard {
  readonly name: string
  readonly version: number
  readonly document: ScorecardDocument
}

/** What every installation begins with. */
export const starterScorecard: Scorecard = {
  name: 'starter',
  version: 1,
  document: {
    measures: [
      { measure: 'frequency', half: 'outcome', weight: 1 / 3, fullAt: 20 },
      { measure: 'breadth', half: 'outcome', weight: 1 / 3, fullAt: 5 },
      { measure: 'trend', half: 'outcome', weight: 1 / 3 },
      { measure: 'open-urgent-load', half: 'experience', weight: 1 },
    ],
  },
}
