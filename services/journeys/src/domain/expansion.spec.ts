import { describe, expect, it } from '@jest/globals'
import { criteriaOf, type Limits, lostOn, readyOn } from './expansion.ts'
import { sample, samplesOf } from './samples.suite.ts'

const NO_LIMITS: Limits = { seats: null, planLimit: null }
const ready = (day: number, series: Parameters<typeof readyOn>[1], limits = NO_LIMITS) =>
  readyOn(day, series, {}, limits)
const of = (given: Partial<ReturnType<typeof sample>>, limits = NO_LIMITS) =>
  Object.fromEntries(Object.entries(criteriaOf(sample(1, given), {}, limits)).map(([name, { met }]) => [name, met]))
const way = { criteria: {}, failing: 2, for: 'P28D', days: 28 }

describe('ready for expansion', () => {
  it('needs three of the last four weeks', () => {
    expect(ready(20, samplesOf(7, 20)).met).toBe(false)
    expect(ready(21, samplesOf(7, 21)).met).toBe(true)
    const weak = [...samplesOf(0, 7), ...samplesOf(8, 14, { share: 0.5 }), ...samplesOf(15, 28)]
    expect(ready(28, weak)).toMatchObject({
      met: true,
      reason: 'ready for expansion: all criteria were met in 3 of the last 4 weeks',
      values: { weeksMet: 3, share: 0.9, breadthRank: 90, trend: 0.1, experience: 70 },
      evidence: ['score-28', 'score-21', 'score-7'],
    })
  })

  it('takes a week without a score for one that did not meet them', () => {
    expect(ready(28, [sample(28), sample(21)]).met).toBe(false)
    expect(ready(28, [sample(28), sample(21), sample(2)]).met).toBe(true)
  })

  it('wants the seats or the plan used, the breadth of the best quarter, a trend, and no red experience', () => {
    expect(of({})).toEqual({ capacity: true, breadth: true, trend: true, experience: true })
    expect(of({ share: 0.79 })).toMatchObject({ capacity: false })
    expect(of({ share: 0.5 }, { seats: 100, planLimit: 60 })).toMatchObject({ capacity: true })
    expect(of({ share: 0.5 }, { seats: 100, planLimit: 70 })).toMatchObject({ capacity: false })
    expect(of({ breadth: { score: 100, rank: 74.9 } })).toMatchObject({ breadth: false })
    expect(of({ breadth: { score: 60, rank: null } })).toMatchObject({ breadth: true })
    expect(of({ breadth: { score: 59, rank: null } })).toMatchObject({ breadth: false })
    expect(of({ trend: 0 })).toMatchObject({ trend: true })
    expect(of({ trend: -0.01 })).toMatchObject({ trend: false })
    expect(of({ experience: 39.9 })).toMatchObject({ experience: false })
    expect(of({ experience: null })).toMatchObject({ experience: true })
    expect(of({ share: null, trend: null, breadth: { score: null, rank: null } })).toMatchObject({
      capacity: null,
      breadth: null,
      trend: null,
    })
  })
})

describe('the way back', () => {
  it('opens when two criteria have each failed for 28 days', () => {
    const both = { share: 0.2, trend: -1 }
    const series = [...samplesOf(1, 9), ...samplesOf(10, 40, both)]
    expect(lostOn(37, series, way, NO_LIMITS).met).toBe(false)
    expect(lostOn(38, series, way, NO_LIMITS)).toEqual({
      met: true,
      reason: 'capacity and trend have failed for 28 days',
      values: { failing: ['capacity', 'trend'], share: 0.2, trend: -1 },
      evidence: ['score-38'],
    })
  })

  it('stays shut when one of them held in between, or is not known', () => {
    const one = { share: 0.2 }
    const broken = [
      ...samplesOf(1, 20, { ...one, trend: -1 }),
      sample(21, one),
      ...samplesOf(22, 40, { ...one, trend: -1 }),
    ]
    expect(lostOn(40, broken, way, NO_LIMITS).met).toBe(false)
    expect(lostOn(40, samplesOf(1, 40, { ...one, trend: null }), way, NO_LIMITS).met).toBe(false)
  })
})
