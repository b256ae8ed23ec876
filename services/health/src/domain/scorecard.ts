import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { KeyFeatures } from './activity.ts'
import { Normalisation, normalisationFaults } from './normalise.ts'

const MeasureName = Type.Union([
  Type.Literal('active-user-share'),
  Type.Literal('frequency'),
  Type.Literal('breadth'),
  Type.Literal('trend'),
  Type.Literal('satisfaction'),
  Type.Literal('open-urgent-load'),
])
export type MeasureName = Type.Static<typeof MeasureName>

/** Measures of which more is better, and which accounts are compared by. */
export const peerMeasures = ['active-user-share', 'frequency', 'breadth'] as const
export type PeerMeasure = (typeof peerMeasures)[number]

export const isPeerMeasure = (measure: string): measure is PeerMeasure => peerMeasures.some((each) => each === measure)

const MeasureRule = Type.Object(
  {
    measure: MeasureName,
    half: Type.Union([Type.Literal('outcome'), Type.Literal('experience')]),
    weight: Type.Number({ exclusiveMinimum: 0, maximum: 1_000 }),
    /** The value that is worth 100 by fixed bounds, as long as there are no peers. */
    fullAt: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
    /** What breadth counts; without it, every track name. */
    keyFeatures: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 200 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
    ),
    normalise: Type.Optional(Normalisation),
  },
  { additionalProperties: false },
)
/** What a scorecard says of one measure. */
export type MeasureRule = Type.Static<typeof MeasureRule>

/** The spec of a blueprint of kind `Scorecard`. */
export const ScorecardDocument = Type.Object(
  { measures: Type.Array(MeasureRule, { minItems: 1, maxItems: 20 }) },
  { additionalProperties: false },
)
export type ScorecardDocument = Type.Static<typeof ScorecardDocument>

const compiled = Compile(ScorecardDocument)

export const isScorecardDocument = (value: unknown): value is ScorecardDocument => compiled.Check(value)

/** A fault of a document that its schema cannot say. `pointer` is of the spec. */
export interface ScorecardFault {
  readonly pointer: string
  readonly message: string
}

export const scorecardFaults = ({ measures }: ScorecardDocument): ScorecardFault[] =>
  measures.flatMap((rule, index) => {
    const { measure, fullAt, keyFeatures, normalise } = rule
    const faults: (readonly [field: string, message: string])[] = []
    if (measures.findIndex((other) => other.measure === measure) < index)
      faults.push(['/measure', 'is there already: a measure counts once'])
    if (keyFeatures && measure !== 'breadth') faults.push(['/keyFeatures', 'only breadth has key features'])
    if (fullAt !== undefined && !isPeerMeasure(measure)) faults.push(['/fullAt', `${measure} has no fixed bound`])
    if (fullAt !== undefined && normalise) faults.push(['/fullAt', 'is not used beside normalise'])
    if (normalise)
      faults.push(
        ...normalisationFaults(normalise).map(({ field, message }) => [`/normalise${field}`, message] as const),
      )
    return faults.map(([field, message]) => ({ pointer: `/measures/${index}${field}`, message }))
  })

/** A version of a scorecard. Versions are never changed. */
export interface Scorecard {
  readonly name: string
  readonly version: number
  readonly document: ScorecardDocument
}

/** What the activity of an account has to count to be scored by this. */
export const keyFeaturesOf = ({ document }: Scorecard): KeyFeatures =>
  document.measures.find(({ measure }) => measure === 'breadth')?.keyFeatures ?? null

/** What every installation begins with. */
export const starterScorecard: Scorecard = {
  name: 'starter',
  version: 2,
  document: {
    measures: [
      { measure: 'active-user-share', half: 'outcome', weight: 0.25 },
      { measure: 'frequency', half: 'outcome', weight: 0.2 },
      { measure: 'breadth', half: 'outcome', weight: 0.2 },
      { measure: 'trend', half: 'outcome', weight: 0.2 },
      { measure: 'open-urgent-load', half: 'experience', weight: 0.6 },
      { measure: 'satisfaction', half: 'experience', weight: 0.4 },
    ],
  },
}
