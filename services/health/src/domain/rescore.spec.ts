import type { ScoreOverride, SplitCause } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activityOf } from './fold-activity.ts'
import { freezePeers } from './freeze-peers.ts'
import type { Facts } from './measures.ts'
import type { PeerTable } from './peers.ts'
import { age, isLate, rescore, type Scoring, unchanged } from './rescore.ts'
import { score } from './score.ts'
import { type Scorecard, starterScorecard } from './scorecard.ts'
import { splitBetween } from './split.ts'
import { changesOf, scoreOf, type Standing } from './standing.ts'

const TODAY = 2_000
const names = ['login', 'report', 'export', 'invite', 'share']

const factsOf = (
  used: readonly (readonly [day: number, features: number])[],
  overrides: Partial<Facts> = {},
): Facts => ({
  connected: { usage: true, tickets: true },
  segment: 'all',
  seats: 2,
  activity: activityOf(
    used.map(([day, features]) => ({ day, persons: ['ann'], names: names.slice(0, features) })),
    TODAY,
  ),
  tickets: [],
  ratings: null,
  ...overrides,
})
const tableOf = (day: number, frequencies: readonly number[]): PeerTable =>
  freezePeers(
    day,
    frequencies.map((frequency) => ({ groups: ['any'], values: { frequency }, ratings: null, change: null })),
  )
const cardOf = (version: number, weight: number): Scorecard => ({
  name: 'card',
  version,
  document: {
    measures: [
      { measure: 'frequency', half: 'outcome', weight },
      { measure: 'breadth', half: 'outcome', weight: 1 },
    ],
  },
})
const scoring = (facts: Facts, overrides: Partial<Scoring> = {}): Scoring => ({
  day: TODAY,
  facts: unchanged(facts),
  yardstick: { scorecard: starterScorecard, peers: null },
  peersBefore: null,
  override: null,
  ...overrides,
})
const override: ScoreOverride = { score: 90, reason: 'other', until: '2026-01-31T00:00:00.000Z' }

const movedBy = (before: Standing, after: Standing): number => (scoreOf(after) ?? 0) - (scoreOf(before) ?? 0)
const splitOf = (before: Standing, after: Standing) =>
  before.ledger && after.ledger ? splitBetween(before.ledger.points, after.ledger.points, movedBy(before, after)) : []
const points = (before: Standing, after: Standing): Partial<Record<SplitCause, number>> =>
  Object.fromEntries(splitOf(before, after).map((part) => [part.cause, part.points]))

describe('a scoring', () => {
  // By fixed bounds, no own history yet: frequency of 10 days 50, breadth of 2 names 40.
  const ten = Array.from({ length: 10 }, (_, index) => [TODAY - 10 + index, 2] as const)
  const facts = factsOf(ten)
  const yardstick = { scorecard: cardOf(1, 1), peers: null }
  const before = rescore(null, scoring(facts, { yardstick, day: TODAY - 1 }))

  it('is the score of all that is known, and a first one is not split', () => {
    expect(before.score).toEqual(score(facts, yardstick, TODAY - 1))
    expect(scoreOf(before)).toBe(45)
    expect(splitOf(before, before)).toEqual([])
  })

  it('replaces one input at a time, in their order', () => {
    // Configuration: frequency weighs 3: 47.5. Peers: 10 days rank 80 among them: (3·80 + 40)/4 = 70.
    // Ageing: a day later nothing has left yet. Late: an 11th day, rank 100: (300 + 40)/4 = 85. Today: 3rd name: 60.
    const peers = tableOf(TODAY, [...Array.from({ length: 24 }, () => 5), ...Array.from({ length: 6 }, () => 10.5)])
    const late = factsOf([[TODAY - 15, 2], ...ten])
    const after = factsOf([[TODAY - 15, 2], ...ten, [TODAY, 3]])
    const scored = rescore(before, {
      day: TODAY,
      facts: { before: facts, late, after },
      yardstick: { scorecard: cardOf(2, 3), peers },
      peersBefore: null,
      override: null,
    })

    expect(points(before, scored)).toEqual({ configuration: 2.5, peers: 22.5, 'late-data': 15, behaviour: 5 })
    expect(scoreOf(scored)).toBe(90)
  })

  it('ages when a day brings nothing', () => {
    const days = age(before, TODAY + 25, () => scoring(facts, { yardstick }))
    const last = days.at(-1) ?? before

    expect(days.map(({ day }) => day)).toEqual(Array.from({ length: 26 }, (_, index) => TODAY + index))
    expect(scoreOf(last)).not.toBe(45)
    expect(points(before, last)).toEqual({ ageing: expect.closeTo(movedBy(before, last), 9) })
  })

  it('takes a first comparison with peers, and its end, for another measure: band and moves begin from there', () => {
    const peers = tableOf(
      TODAY,
      Array.from({ length: 30 }, (_, index) => 11 + (index % 7)),
    )
    const compared = rescore(before, scoring(facts, { yardstick: { ...yardstick, peers } }))
    const alone = rescore(compared, scoring(facts, { yardstick: { ...yardstick, peers: tableOf(TODAY + 1, []) } }))

    // Nobody was active on so few days: rank 0. By bounds again 50.
    expect([before, compared, alone].map((standing) => [scoreOf(standing), standing.bands.band])).toEqual([
      [45, 'amber'],
      [20, 'red'],
      [45, 'amber'],
    ])
    expect([compared, alone].map(({ told }) => told)).toMatchObject([
      { day: TODAY, score: 20 },
      { day: TODAY, score: 45 },
    ])
    expect(points(before, compared)).toEqual({ peers: -25 })
    expect(changesOf(before, compared, null).changes).toEqual([])
    expect(changesOf(compared, alone, null).changes).toEqual([])
  })

  it('leaves a score that a person set alone when peers are first known', () => {
    const set = rescore(before, scoring(facts, { yardstick, override }))
    const peers = tableOf(
      TODAY,
      Array.from({ length: 30 }, () => 20),
    )
    const kept = rescore(set, scoring(facts, { yardstick: { ...yardstick, peers }, override }))

    expect([scoreOf(kept), kept.bands, kept.told]).toEqual([90, set.bands, set.told])
  })

  it('splits nothing while an override is in force, and all of it to the override around that', () => {
    const set = rescore(before, scoring(facts, { yardstick, override }))
    const kept = rescore(set, scoring(facts, { yardstick: { ...yardstick, scorecard: cardOf(2, 3) }, override }))
    const lifted = rescore(kept, scoring(facts, { yardstick: { ...yardstick, scorecard: cardOf(2, 3) } }))

    expect([set, kept, lifted].map(scoreOf)).toEqual([90, 90, 47.5])
    expect(kept.score.score).toBe(47.5)
    expect([points(before, set), points(set, kept), points(kept, lifted)]).toEqual([
      { override: 45 },
      {},
      { override: -42.5 },
    ])
  })

  it('judges drops of days that are over, by what was known then', () => {
    const year = Array.from({ length: 300 }, (_, index) => [TODAY - 350 + index, 1] as const)
    const known = factsOf(year)
    const start = rescore(null, scoring(known, { day: TODAY - 51 }))
    const sameDay = rescore(start, scoring(known, { day: TODAY - 51 }))
    const later = age(start, TODAY - 40, () => scoring(known))

    expect([start.drop, sameDay.drop]).toEqual([null, null])
    expect(later.map(({ drop }) => drop && drop.day + drop.usualChanges.length)).toEqual(
      later.map(({ day }) => day - 1),
    )
    expect(later.at(-1)?.drop?.alarm?.day).toBeLessThan(TODAY - 40)
  })
})

describe('facts', () => {
  it('are late when their day was over before they became known', () => {
    expect([isLate(9, 10), isLate(10, 10), isLate(11, 10)]).toEqual([true, false, false])
  })
})

describe('splits', () => {
  const used = fc
    .uniqueArray(fc.integer({ min: TODAY - 150, max: TODAY }), { maxLength: 60 })
    .map((days) => days.toSorted((a, b) => a - b).map((day) => [day, 1 + (day % 5)] as const))
  const step = fc.record({
    known: used,
    late: fc.array(fc.integer({ min: TODAY - 150, max: TODAY }), { maxLength: 3 }),
    days: fc.integer({ min: 0, max: 3 }),
    version: fc.integer({ min: 1, max: 3 }),
    frequencies: fc.option(fc.array(fc.integer({ min: 0, max: 28 }), { minLength: 20, maxLength: 40 })),
    override: fc.option(fc.constant(override), { freq: 5 }),
    connected: fc.record({ usage: fc.boolean(), tickets: fc.boolean() }),
  })

  it('add up to what the score moved by, between any two scorings, in any history', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 8 }), (steps) => {
        let facts = factsOf([])
        let peersBefore: PeerTable | null = null
        let day = TODAY - 10
        const standings: Standing[] = []
        for (const { known, days, version, frequencies, connected, ...each } of steps) {
          day += days
          const [late, after] = [factsOf(known.slice(1), { connected }), factsOf(known, { connected })]
          const peers = frequencies && tableOf(day, frequencies)
          const yardstick = { scorecard: version === 3 ? starterScorecard : cardOf(version, version), peers }
          const known3 = { before: facts, late: each.late.length > 0 ? late : facts, after }
          const next = { day, facts: known3, yardstick, peersBefore, override: each.override }
          standings.push(rescore(standings.at(-1) ?? null, next))
          facts = after
          peersBefore = peers
          expect(standings.at(-1)?.score).toEqual(score(after, yardstick, day))
        }
        const scored = standings.filter((standing) => scoreOf(standing) !== null)
        for (const from of scored) {
          const to = scored.at(-1)
          if (!to) continue
          const sum = splitOf(from, to).reduce((total, part) => total + part.points, 0)
          expect(Math.abs(sum - movedBy(from, to))).toBeLessThan(1e-9)
        }
      }),
    )
  })
})
