import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Normalisation, normalised } from './normalise.ts'
import {
  isScorecardDocument,
  keyFeaturesOf,
  type MeasureRule,
  type ScorecardDocument,
  scorecardFaults,
  starterScorecard,
} from './scorecard.ts'

const rule = (overrides: Partial<MeasureRule> = {}): MeasureRule => ({
  measure: 'breadth',
  half: 'outcome',
  weight: 1,
  ...overrides,
})
const faults = (...measures: MeasureRule[]) => scorecardFaults({ measures })

describe('a scorecard', () => {
  it('has a starter without faults', () => {
    expect(isScorecardDocument(starterScorecard.document)).toBe(true)
    expect(scorecardFaults(starterScorecard.document)).toEqual([])
    expect(keyFeaturesOf(starterScorecard)).toBeNull()
  })

  it.each<[string, object]>([
    ['an unknown measure', { ...rule(), measure: 'luck' }],
    ['an unknown field', { ...rule(), wieght: 1 }],
    ['no weight', { ...rule(), weight: 0 }],
    ['no key features', { ...rule(), keyFeatures: [] }],
    ['an unknown normalisation', { ...rule(), normalise: { by: 'magic' } }],
    ['a tier beyond 100', { ...rule(), normalise: { by: 'tiers', tiers: [{ from: 1, score: 101 }] } }],
  ])('is not a document with %s', (_, measure) => {
    expect(isScorecardDocument({ measures: [measure] })).toBe(false)
  })

  it('still understands the first version of the starter', () => {
    const document: ScorecardDocument = {
      measures: [
        { measure: 'frequency', half: 'outcome', weight: 1 / 3, fullAt: 20 },
        { measure: 'open-urgent-load', half: 'experience', weight: 1 },
      ],
    }
    expect(isScorecardDocument(document)).toBe(true)
    expect(scorecardFaults(document)).toEqual([])
  })

  it('says where a field has no meaning', () => {
    expect(faults(rule(), rule())).toMatchObject([{ pointer: '/measures/1/measure' }])
    expect(faults(rule({ measure: 'trend', keyFeatures: ['a'], fullAt: 3 }))).toMatchObject([
      { pointer: '/measures/0/keyFeatures' },
      { pointer: '/measures/0/fullAt' },
    ])
    const line: Normalisation = { by: 'linear', zeroAt: 3, fullAt: 3 }
    expect(faults(rule({ fullAt: 3, normalise: line }))).toMatchObject([
      { pointer: '/measures/0/fullAt' },
      { pointer: '/measures/0/normalise/fullAt' },
    ])
    const tiers = [3, 5, 5].map((from) => ({ from, score: from }))
    expect(faults(rule({ normalise: { by: 'tiers', tiers } }))).toMatchObject([
      { pointer: '/measures/0/normalise/tiers/2/from' },
    ])
  })
})

describe('normalisation', () => {
  const tiers = {
    by: 'tiers' as const,
    tiers: [
      { from: 2, score: 40 },
      { from: 5, score: 90 },
    ],
  }

  it('is linear between two bounds, upwards and downwards', () => {
    const up = { by: 'linear' as const, zeroAt: 10, fullAt: 20 }
    const down = { by: 'linear' as const, zeroAt: 20, fullAt: 10 }

    expect([9, 10, 15, 20, 21].map((value) => normalised(value, up))).toEqual([0, 0, 50, 100, 100])
    expect([9, 10, 15, 20, 21].map((value) => normalised(value, down))).toEqual([100, 100, 50, 0, 0])
  })

  it('is that of the last tier reached', () => {
    expect([1, 2, 4.9, 5, 99].map((value) => normalised(value, tiers))).toEqual([0, 40, 40, 90, 90])
  })

  it('stays between 0 and 100', () => {
    const bound = fc.integer({ min: -50, max: 50 })
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), bound, bound, (value, zeroAt, fullAt) => {
        fc.pre(zeroAt !== fullAt)
        const score = normalised(value, { by: 'linear', zeroAt, fullAt })
        expect(score >= 0 && score <= 100).toBe(true)
      }),
    )
  })
})
