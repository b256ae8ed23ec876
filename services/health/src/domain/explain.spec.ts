import type { ScoredMeasure } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { reasonsOf } from './explain.ts'

const measure = (overrides: Partial<ScoredMeasure>): ScoredMeasure => ({
  measure: 'frequency',
  half: 'outcome',
  weight: 1,
  value: 15,
  score: 75,
  contribution: 4,
  ...overrides,
})

describe('reasons', () => {
  it('say what each measure means, the weightiest first', () => {
    const reasons = reasonsOf([
      measure({}),
      measure({ measure: 'breadth', value: 3, contribution: 1.5 }),
      measure({ measure: 'trend', value: Math.log(0.5), contribution: -6 }),
      measure({ measure: 'open-urgent-load', value: 4.2857, contribution: -9 }),
      measure({ measure: 'trend', value: null, contribution: 0, missing: 'history-too-short' }),
    ])

    expect(reasons.map(({ text }) => text)).toEqual([
      'open urgent and high tickets weigh 4.3',
      'use in the last 28 days is 50 % of what it was in the weeks before',
      'used on 15 of the last 28 days',
      '3 different features used in the last 28 days',
      'not counted: the history is too short',
    ])
    expect(reasonsOf([measure({ measure: 'open-urgent-load', value: 0 })])[0]?.text).toBe(
      'no urgent or high ticket is open',
    )
  })
})
