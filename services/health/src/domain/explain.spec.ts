import type { ScoredMeasure } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { reasonsOf } from './explain.ts'
import { peerMeasures, type MeasureName } from './scorecard.ts'
import { languages } from './words.ts'

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
    expect(reasonsOf([measure({ measure: 'breadth', value: 1 })])[0]?.text).toBe('1 feature used in the last 28 days')
    expect(reasonsOf([measure({ measure: 'open-urgent-load', value: 0 })])[0]?.text).toBe(
      'no urgent or high ticket is open',
    )
  })

  it('say where an account stands among its peers, in both languages', () => {
    const reasons = [
      measure({ peerRank: 72.4 }),
      measure({ measure: 'active-user-share', value: 0.62, peerRank: null }),
    ]

    expect(reasonsOf(reasons).map(({ text }) => text)).toEqual([
      'used on 15 of the last 28 days (72.4 of 100 among its peers)',
      'users of the last 28 days fill 62 % of the paid seats',
    ])
    expect(reasonsOf(reasons, 'ja').map(({ label, text }) => [label, text])).toEqual([
      ['利用頻度', '直近28日のうち 15 日利用(同類の顧客の中で 100 中 72.4)'],
      ['利用者の割合', '直近28日の利用者は契約席数の 62%'],
    ])
  })

  it('has words of its own for every measure and reason', () => {
    const names: readonly MeasureName[] = [...peerMeasures, 'trend', 'satisfaction', 'open-urgent-load']
    const missing = ['not-connected', 'history-too-short', 'no-seats', 'no-ratings']
    for (const language of languages) {
      const texts = [
        ...reasonsOf(
          names.map((name) => measure({ measure: name, value: 1 })),
          language,
        ).map(({ text }) => text),
        ...reasonsOf(
          missing.map((reason) => measure({ value: null, missing: reason })),
          language,
        ).map(({ text }) => text),
      ]
      expect(new Set(texts).size).toBe(names.length + missing.length)
      expect(texts.filter((text) => text.length < 3)).toEqual([])
    }
  })

  it('keep what an older scorecard measured', () => {
    expect(reasonsOf([measure({ measure: 'toString', value: 3 })])[0]).toMatchObject({ label: 'toString', text: '3' })
    expect(reasonsOf([measure({ value: null, missing: 'constructor' })])[0]?.text).toBe('constructor')
  })
})
