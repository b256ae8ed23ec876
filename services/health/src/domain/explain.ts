import type { ScoredMeasure } from '@banso/contracts'

/** Why a score is what it is, in words, the measures that move it most first. */
export interface Reason {
  readonly measure: string
  /** Points above or below 50. */
  readonly contribution: number
  readonly text: string
}

const figure = (value: number): string => String(Math.round(value * 10) / 10)

const missingText: Readonly<Record<string, string>> = {
  'not-connected': 'not counted: no event of this kind has been received yet',
  'history-too-short': 'not counted: the history is too short',
}

const valueText = (measure: string, value: number): string => {
  switch (measure) {
    case 'frequency':
      return `used on ${value} of the last 28 days`
    case 'breadth':
      return `${value} different features used in the last 28 days`
    case 'trend':
      return `use in the last 28 days is ${figure(100 * Math.exp(value))} % of what it was in the weeks before`
    case 'open-urgent-load':
      return value === 0 ? 'no urgent or high ticket is open' : `open urgent and high tickets weigh ${figure(value)}`
    default:
      return figure(value)
  }
}

export const reasonsOf = (measures: readonly ScoredMeasure[]): Reason[] =>
  measures
    .map(({ measure, value, contribution, missing }) => ({
      measure,
      contribution,
      text: value === null ? (missingText[missing ?? ''] ?? 'not counted') : valueText(measure, value),
    }))
    .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
