import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activityOf } from './fold-activity.ts'
import type { Facts } from './measures.ts'
import { score } from './score.ts'
import { isScorecardDocument, starterScorecard, type Scorecard } from './scorecard.ts'

const TODAY = 2_000
const features = ['login', 'report', 'export', 'invite', 'share', 'print']

/** Two persons on each of the last `days` days, with the first `names` features. */
const used = (days: number, names: number) =>
  activityOf(
    Array.from({ length: days }, (_, index) => ({
      day: TODAY - days + 1 + index,
      persons: 2,
      names: features.slice(0, names),
    })),
    TODAY,
  )

const facts = (overrides: Partial<Facts> = {}): Facts => ({
  connected: { usage: true, tickets: true },
  activity: null,
  tickets: [],
  ...overrides,
})

const scored = (overrides: Partial<Facts>) => score(facts(overrides), starterScorecard, TODAY)
const measure = (of: ReturnType<typeof scored>, name: string) => of.measures.find((each) => each.measure === name)

describe('the starter scorecard', () => {
  it('is a valid document', () => {
    expect(isScorecardDocument(starterScorecard.document)).toBe(true)
    expect(isScorecardDocument({ measures: [{ measure: 'luck', half: 'outcome', weight: 1 }] })).toBe(false)
  })

  it('scores a young account by fixed bounds', () => {
    // 10 of 20 days: 50; 3 of 5 names: 60; no trend: CO = 55. No urgent tickets: CX = 100. H = 77.5.
    const result = scored({ activity: used(10, 3) })

    expect(measure(result, 'frequency')).toMatchObject({ value: 10, score: 50, contribution: 0 })
    expect(measure(result, 'breadth')).toMatchObject({ value: 3, score: 60, contribution: 2.5 })
    expect(measure(result, 'trend')).toMatchObject({ value: null, score: null, missing: 'history-too-short' })
    expect(result.outcome.score).toBeCloseTo(55, 9)
    expect(result.outcome.coverage).toBeCloseTo(2 / 3, 9)
    expect(result.experience).toEqual({ score: 100, coverage: 1 })
    expect(result.score).toBeCloseTo(77.5, 9)
    expect(result).toMatchObject({ partial: false })
  })

  it('scores six parts by fixed bounds and four by own history once there is one', () => {
    // Four years of the same every day: own history is at rest, 50. Frequency 0.6·100 + 0.4·50 = 80; breadth of 2
    // names 0.6·40 + 0.4·50 = 44; trend 50. CO = 58. One fresh urgent ticket: CX = 80. H = 69.
    const result = scored({
      activity: used(1_500, 2),
      tickets: [{ status: 'open', priority: 'urgent', openedOn: TODAY }],
    })

    expect(measure(result, 'frequency')).toMatchObject({ value: 28, score: expect.closeTo(80, 4) })
    expect(measure(result, 'breadth')).toMatchObject({ value: 2, score: expect.closeTo(44, 9) })
    expect(measure(result, 'trend')).toMatchObject({ value: 0, score: 50, contribution: 0 })
    expect(result.outcome.score).toBeCloseTo(58, 4)
    expect(result.score).toBeCloseTo(69, 4)
    expect(result.coverage).toBe(1)
  })

  it('takes silence of a connected source for zero', () => {
    const result = scored({ activity: null })

    expect(measure(result, 'frequency')).toMatchObject({ value: 0, score: 0 })
    expect(measure(result, 'breadth')).toMatchObject({ value: 0, score: 0 })
    expect(result.score).toBe(50)
  })

  it('is the other half alone when one has too little data', () => {
    const noTickets = scored({ activity: used(10, 3), connected: { usage: true, tickets: false } })
    expect(noTickets).toMatchObject({ partial: true, experience: { score: null, coverage: 0 } })
    expect(noTickets.score).toBeCloseTo(55, 9)
    expect(measure(noTickets, 'breadth')?.contribution).toBeCloseTo(5, 9)

    const noUsage = scored({ connected: { usage: false, tickets: true } })
    expect(noUsage).toMatchObject({ partial: true, score: 100, outcome: { score: null, coverage: 0 }, coverage: 0.5 })
  })

  it('is null when nothing is connected', () => {
    expect(scored({ connected: { usage: false, tickets: false } })).toMatchObject({ score: null, partial: false })
  })

  it('has no half below half of its weight', () => {
    const heavyTrend: Scorecard = {
      ...starterScorecard,
      document: {
        measures: [
          { measure: 'frequency', half: 'outcome', weight: 0.49, fullAt: 20 },
          { measure: 'trend', half: 'outcome', weight: 0.51 },
        ],
      },
    }
    const result = score(facts({ activity: used(10, 3) }), heavyTrend, TODAY)

    expect(result).toMatchObject({ score: null, outcome: { score: null, coverage: expect.closeTo(0.49, 9) } })
    expect(result.measures.map(({ contribution }) => contribution)).toEqual([0, 0])
  })

  it('does not count what happens after the day asked for', () => {
    const activity = activityOf(
      [
        { day: TODAY, persons: 1, names: ['login'] },
        { day: TODAY + 1, persons: 1, names: ['report'] },
      ],
      TODAY,
    )
    expect(measure(scored({ activity }), 'frequency')?.value).toBe(1)
    expect(measure(scored({ activity }), 'breadth')?.value).toBe(1)
  })
})

describe('contributions', () => {
  const priority = fc.constantFrom('urgent' as const, 'high' as const, 'normal' as const, null)
  const status = fc.constantFrom('open' as const, 'pending' as const, 'solved' as const)
  const someFacts: fc.Arbitrary<Facts> = fc.record({
    connected: fc.record({ usage: fc.boolean(), tickets: fc.boolean() }),
    activity: fc
      .uniqueArray(fc.integer({ min: TODAY - 400, max: TODAY }), { maxLength: 200 })
      .map((days) => days.toSorted((a, b) => a - b))
      .map((days) =>
        activityOf(
          days.map((day) => ({ day, persons: 1 + (day % 3), names: features.slice(day % 6) })),
          TODAY,
        ),
      ),
    tickets: fc.array(fc.record({ status, priority, openedOn: fc.integer({ min: TODAY - 30, max: TODAY }) }), {
      maxLength: 6,
    }),
  })

  it('add up to what the score is above 50', () => {
    fc.assert(
      fc.property(someFacts, (each) => {
        const result = score(each, starterScorecard, TODAY)
        const sum = result.measures.reduce((total, { contribution }) => total + contribution, 0)
        expect(Math.abs(sum - ((result.score ?? 50) - 50))).toBeLessThan(1e-9)
        expect(result.score ?? 0).toBeGreaterThanOrEqual(0)
        expect(result.score ?? 0).toBeLessThanOrEqual(100)
      }),
    )
  })
})
