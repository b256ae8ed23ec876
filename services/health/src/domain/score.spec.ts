import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activityOf } from './fold-activity.ts'
import { freezePeers } from './freeze-peers.ts'
import type { Facts } from './measures.ts'
import type { Normalisation } from './normalise.ts'
import type { PeerTable } from './peers.ts'
import { ratedDays, ratingsOf } from './ratings.ts'
import { score } from './score.ts'
import { type MeasureName, type MeasureRule, peerMeasures, type Scorecard, starterScorecard } from './scorecard.ts'

const TODAY = 2_000
const features = ['login', 'report', 'export', 'invite', 'share', 'print']

/** Two persons on each of the last `days` days, with the first `names` features. */
const used = (days: number, names: number) =>
  activityOf(
    Array.from({ length: days }, (_, index) => ({
      day: TODAY - days + 1 + index,
      persons: ['ann', 'ben'],
      names: features.slice(0, names),
    })),
    TODAY,
  )

const facts = (overrides: Partial<Facts> = {}): Facts => ({
  connected: { usage: true, tickets: true },
  segment: 'all',
  seats: null,
  activity: null,
  tickets: [],
  ratings: null,
  ...overrides,
})

const cardOf = (...measures: MeasureRule[]): Scorecard => ({ name: 'test', version: 1, document: { measures } })

/** A third each for use, all of experience for tickets. */
const thirds = cardOf(
  { measure: 'frequency', half: 'outcome', weight: 1 / 3, fullAt: 20 },
  { measure: 'breadth', half: 'outcome', weight: 1 / 3 },
  { measure: 'trend', half: 'outcome', weight: 1 / 3 },
  { measure: 'open-urgent-load', half: 'experience', weight: 1 },
)

const scored = (overrides: Partial<Facts>, scorecard: Scorecard = thirds, peers: PeerTable | null = null) =>
  score(facts(overrides), { scorecard, peers }, TODAY)
const measure = (of: ReturnType<typeof scored>, name: string) => of.measures.find((each) => each.measure === name)

describe('a score', () => {
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

  it('has no half with less than half of its measures, however much these weigh', () => {
    const oneOfThree = cardOf(
      { measure: 'frequency', half: 'outcome', weight: 0.8 },
      { measure: 'trend', half: 'outcome', weight: 0.1 },
      { measure: 'active-user-share', half: 'outcome', weight: 0.1 },
    )
    const result = scored({ activity: used(10, 3) }, oneOfThree)

    expect(result).toMatchObject({ score: null, outcome: { score: null, coverage: expect.closeTo(1 / 3, 9) } })
    expect(result.measures.map(({ contribution }) => contribution)).toEqual([0, 0, 0])
  })

  it('has one with half of its measures', () => {
    const result = scored({ activity: used(10, 3) }, starterScorecard)

    expect(result.outcome.coverage).toBe(0.5)
    expect(result.outcome.score).not.toBeNull()
  })

  it('does not count what happens after the day asked for', () => {
    const activity = activityOf(
      [
        { day: TODAY, persons: ['ann'], names: ['login'] },
        { day: TODAY + 1, persons: ['ann'], names: ['report'] },
      ],
      TODAY,
    )
    expect(measure(scored({ activity }), 'frequency')?.value).toBe(1)
    expect(measure(scored({ activity }), 'breadth')?.value).toBe(1)
  })
})

describe('the starter scorecard', () => {
  const tickets = [{ status: 'open' as const, priority: 'urgent' as const, openedOn: TODAY }]

  it('has the four outcome measures that need no goals, and two of experience', () => {
    // Two of ten seats: 0.2/0.8 = 25. Half of own history (at rest: 50) and peers' bounds as 0.4 to 0.6:
    // share 0.6·25 + 20 = 35, frequency 80, breadth of 2 names 44, trend 50.
    // CO = (0.25·35 + 0.2·(80 + 44 + 50))/0.85 = 51.2353.
    // Load of a fresh urgent ticket: 80. Four good ratings of today: (4 + 4)/9 = 0.8889: 60 + 0.0889/0.2·40 = 77.7778.
    // CX = 0.6·80 + 0.4·77.7778 = 79.1111. H = 65.1732.
    const ratings = { asOf: TODAY, good: 4, all: 4, count: 4 }
    const result = scored({ activity: used(1_500, 2), seats: 10, tickets, ratings }, starterScorecard)

    expect(measure(result, 'active-user-share')).toMatchObject({ value: 0.2, score: expect.closeTo(35, 9) })
    expect(measure(result, 'satisfaction')).toMatchObject({ score: expect.closeTo(77.7778, 4) })
    expect(result.outcome).toEqual({ score: expect.closeTo(51.2353, 4), coverage: 1 })
    expect(result.experience).toEqual({ score: expect.closeTo(79.1111, 4), coverage: 1 })
    expect(result.score).toBeCloseTo(65.1732, 4)
    expect(result.partial).toBe(false)
  })

  it('counts neither shares of unknown seats nor ratings that nobody gave', () => {
    const result = scored({ activity: used(1_500, 2), tickets }, starterScorecard)

    expect(measure(result, 'active-user-share')).toMatchObject({ value: null, missing: 'no-seats', contribution: 0 })
    expect(measure(result, 'satisfaction')).toMatchObject({ value: null, missing: 'no-ratings' })
    expect(result.outcome.score).toBeCloseTo((80 + 44 + 50) / 3, 4)
    expect(result.outcome.coverage).toBe(0.75)
    expect(result.experience).toEqual({ score: 80, coverage: 0.5 })
  })

  it('compares shares with the past by the same number of seats', () => {
    const grown = activityOf(
      Array.from({ length: 400 }, (_, index) => ({
        day: TODAY - 399 + index,
        persons: index < 390 ? ['ann'] : ['ann', 'ben', 'cem'],
        names: [],
      })),
      TODAY,
    )
    const reading = measure(scored({ activity: grown, seats: 4 }, starterScorecard), 'active-user-share')

    // The average of a week ago has 3 of the 10 days: 0.25 + 0.5·(1 − 2^(−3/56)) = 0.26822. r = ln(1.75/1.26822) = 0.32203,
    // its spread is below 0.25: own = 100/(1+e^(−0.32203/0.25)) = 78.3838; 0.6·93.75 + 0.4·78.3838 = 87.6035.
    expect(reading?.value).toBe(0.75)
    expect(reading?.score).toBeCloseTo(87.6035, 2)
  })
})

const among = (values: readonly number[]): PeerTable =>
  freezePeers(
    TODAY,
    values.map((frequency) => ({ groups: ['any'], values: { frequency }, ratings: null, change: null })),
  )

const frequencyAmong = (table: PeerTable) => measure(scored({ activity: used(10, 3) }, thirds, table), 'frequency')

describe('peers', () => {
  it('take the place of fixed bounds from thirty accounts on', () => {
    const values = Array.from({ length: 30 }, (_, index) => index)

    // Of 0 to 29, ten are below 10 and one is 10: 10.5/30 = 35. No own history yet.
    expect(frequencyAmong(among(values))).toMatchObject({ score: 35, peerRank: 35 })
    expect(frequencyAmong(among(values.slice(1)))).toMatchObject({ score: 50, peerRank: null })
  })

  it('are nothing to trends and to experience', () => {
    const result = scored({ activity: used(10, 3) }, thirds)
    expect(measure(result, 'trend')).not.toHaveProperty('peerRank')
    expect(measure(result, 'open-urgent-load')).not.toHaveProperty('peerRank')
  })
})

describe('contributions', () => {
  const priority = fc.constantFrom('urgent' as const, 'high' as const, 'normal' as const, null)
  const status = fc.constantFrom('open' as const, 'pending' as const, 'solved' as const)
  const someFacts: fc.Arbitrary<Facts> = fc.record({
    connected: fc.record({ usage: fc.boolean(), tickets: fc.boolean() }),
    segment: fc.constantFrom('all', 'small'),
    seats: fc.option(fc.integer({ min: 1, max: 5 })),
    ratings: fc
      .array(fc.record({ day: fc.integer({ min: TODAY - 400, max: TODAY }), good: fc.boolean() }), { maxLength: 9 })
      .map((ratings) => ratingsOf(ratedDays(ratings), TODAY)),
    activity: fc
      .uniqueArray(fc.integer({ min: TODAY - 400, max: TODAY }), { maxLength: 200 })
      .map((days) => days.toSorted((a, b) => a - b))
      .map((days) =>
        activityOf(
          days.map((day) => ({
            day,
            persons: ['ann', 'ben', 'cem'].slice(day % 3),
            names: features.slice(day % 6),
          })),
          TODAY,
        ),
      ),
    tickets: fc.array(fc.record({ status, priority, openedOn: fc.integer({ min: TODAY - 30, max: TODAY }) }), {
      maxLength: 6,
    }),
  })

  const normalise = fc.oneof<fc.Arbitrary<Normalisation>[]>(
    fc.record({ by: fc.constant('linear' as const), zeroAt: fc.constant(10), fullAt: fc.integer({ min: -9, max: 9 }) }),
    fc.record({
      by: fc.constant('tiers' as const),
      tiers: fc.constant<{ from: number; score: number }[]>([{ from: 1, score: 30 }]),
    }),
  )
  const names: readonly MeasureName[] = [...peerMeasures, 'trend', 'satisfaction', 'open-urgent-load']
  const someCard = fc
    .tuple(
      ...names.map((name) =>
        fc.record(
          {
            measure: fc.constant(name),
            half: fc.constantFrom('outcome' as const, 'experience' as const),
            weight: fc.double({ min: 1e-3, max: 1_000, noNaN: true }),
            normalise,
          },
          { requiredKeys: ['measure', 'half', 'weight'] },
        ),
      ),
    )
    .chain((rules) => fc.shuffledSubarray(rules, { minLength: 1 }))
    .map((rules) => cardOf(...rules))
  const somePeers = fc
    .array(fc.array(fc.integer({ min: 0, max: 28 }), { minLength: 3, maxLength: 3 }), { maxLength: 60 })
    .map((accounts) =>
      freezePeers(
        TODAY,
        accounts.map(([share = 0, frequency = 0, breadth = 0]) => ({
          groups: ['any/all', 'any'],
          values: { 'active-user-share': share / 28, frequency, breadth },
          ratings: null,
          change: null,
        })),
      ),
    )

  it('add up to what the score is above 50', () => {
    fc.assert(
      fc.property(someFacts, someCard, fc.option(somePeers), (each, scorecard, peers) => {
        const result = score(each, { scorecard, peers }, TODAY)
        const sum = result.measures.reduce((total, { contribution }) => total + contribution, 0)
        expect(Math.abs(sum - ((result.score ?? 50) - 50))).toBeLessThan(1e-9)
        expect(result.score ?? 0).toBeGreaterThanOrEqual(0)
        expect(result.score ?? 0).toBeLessThanOrEqual(100)
      }),
    )
  })
})
