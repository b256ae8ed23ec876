import type { ScoredMeasure } from '@banso/contracts'
import type { MissingReason } from './measures.ts'
import type { MeasureName } from './scorecard.ts'
import { type Language, wordsOf } from './words.ts'

/** Why a score is what it is, in words. */
export interface Reason {
  readonly measure: string
  readonly label: string
  /** Points above or below 50. */
  readonly contribution: number
  readonly text: string
}

// Names of measures come from documents of any version.
const lookUp = <K extends string, V>(words: Readonly<Record<K, V>>, name: string): V | undefined =>
  Object.entries<V>(words).find(([key]) => key === name)?.[1]

/** The measures that move it most first. */
export const reasonsOf = (measures: readonly ScoredMeasure[], language: Language = 'en'): Reason[] => {
  const words = wordsOf[language]
  const textOf = ({ measure, value, peerRank, missing }: ScoredMeasure): string => {
    if (value === null) return lookUp<MissingReason, string>(words.missing, missing ?? '') ?? missing ?? ''
    const rank = typeof peerRank === 'number' ? words.rank(peerRank) : ''
    return (lookUp<MeasureName, (value: number) => string>(words.value, measure)?.(value) ?? String(value)) + rank
  }
  return measures
    .map((each) => ({
      measure: each.measure,
      label: lookUp<MeasureName, string>(words.label, each.measure) ?? each.measure,
      contribution: each.contribution,
      text: textOf(each),
    }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
}
