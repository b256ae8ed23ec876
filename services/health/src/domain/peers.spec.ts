import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activityOf } from './fold-activity.ts'
import { freezePeers, type PeerValues, peerValuesOf } from './freeze-peers.ts'
import { groupsOf, isPeerTable, peerRank, tenureOf } from './peers.ts'
import type { PeerMeasure } from './scorecard.ts'

const DAY = 1_000
const peer = (groups: readonly string[], frequency: number, overrides: Partial<PeerValues> = {}): PeerValues => ({
  groups,
  values: { frequency },
  ratings: null,
  change: null,
  ...overrides,
})
const times = <T>(count: number, of: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => of(index))
const rankAmong = (values: readonly number[], value: number, measure: PeerMeasure = 'frequency') =>
  peerRank(
    freezePeers(
      DAY,
      values.map((each) => peer(['any'], each)),
    ),
    ['any'],
    measure,
    value,
  )

describe('the rank among peers', () => {
  it('counts half of those who are equal', () => {
    const values = [...times(10, () => 1), ...times(20, () => 5), ...times(10, () => 9)]

    // Of 40: below 5 are 10, equal 20: (10 + 10)/40.
    expect(rankAmong(values, 5)).toBe(50)
    expect(rankAmong(values, 1)).toBe(12.5)
    expect(rankAmong(values, 3)).toBe(25)
    expect(rankAmong(values, 0)).toBe(0)
    expect(rankAmong(values, 99)).toBe(100)
  })

  it('is unknown among fewer than thirty, and of what nobody has', () => {
    expect(rankAmong(times(29, Number), 3)).toBeNull()
    expect(rankAmong(times(30, Number), 3, 'breadth')).toBeNull()
    expect(peerRank(null, ['any'], 'frequency', 3)).toBeNull()
  })

  it('never falls when the value rises, and agrees with counting', () => {
    const values = fc.array(fc.integer({ min: 0, max: 28 }), { minLength: 30, maxLength: 90 })
    const value = fc.integer({ min: -1, max: 29 })
    fc.assert(
      fc.property(values, value, value, (all, a, b) => {
        const [lower, higher] = [rankAmong(all, Math.min(a, b)), rankAmong(all, Math.max(a, b))]
        expect(lower).toBeLessThanOrEqual(higher ?? -1)
        const below = all.filter((each) => each < a).length
        const equal = all.filter((each) => each === a).length
        expect(rankAmong(all, a)).toBeCloseTo((100 * (below + equal / 2)) / all.length, 9)
      }),
    )
  })

  it('is kept in a thousand points when there are more, within a tenth of a percent', () => {
    const values = times(25_000, (index) => Math.sqrt(index))
    const table = freezePeers(
      DAY,
      values.map((value) => peer(['any'], value)),
    )

    expect(table.groups['any']?.frequency?.values.length).toBe(1_000)
    expect(table.groups['any']?.frequency?.upTo.at(-1)).toBe(25_000)
    for (const index of [0, 37, 12_345, 24_999]) {
      const rank = peerRank(table, ['any'], 'frequency', Math.sqrt(index))
      expect(Math.abs((rank ?? -1) - index / 250)).toBeLessThan(0.11)
    }
    expect(JSON.stringify(table).length).toBeLessThan(40_000)
  })

  it('counts everybody, however many there are', () => {
    for (const count of [1_070, 4_321, 25_001]) {
      const values = times(count, (index) => index / 7)
      const table = freezePeers(
        DAY,
        values.map((value) => peer(['any'], value)),
      )
      expect(table.groups['any']?.frequency?.upTo.at(-1)).toBe(count)
    }
  })
})

describe('groups', () => {
  it('are of a segment and of the time since the first fact', () => {
    expect([null, DAY, DAY - 90, DAY - 91, DAY - 365, DAY - 366].map((first) => tenureOf(first, DAY))).toEqual([
      '0-90',
      '0-90',
      '0-90',
      '91-365',
      '91-365',
      '366-',
    ])
    expect(groupsOf('all', DAY - 100, DAY)).toEqual(['91-365/all', 'any/all', 'any'])
  })

  it('widen until there are thirty', () => {
    const young = times(29, (index) => peer(['0-90/a', 'any/a', 'any'], index))
    const old = times(5, () => peer(['366-/a', 'any/a', 'any'], 100))
    const others = times(40, () => peer(['366-/b', 'any/b', 'any'], 200))
    const table = freezePeers(DAY, [...young, ...old, ...others])

    expect(Object.keys(table.groups).toSorted()).toEqual(['366-/b', 'any', 'any/a', 'any/b'])
    expect(peerRank(table, ['0-90/a', 'any/a', 'any'], 'frequency', 50)).toBeCloseTo((100 * 29) / 34, 9)
    expect(peerRank(table, ['0-90/c', 'any/c', 'any'], 'frequency', 50)).toBeCloseTo((100 * 29) / 74, 9)
  })
})

describe('the table of a day', () => {
  const facts = {
    connected: { usage: true, tickets: true },
    segment: 'all',
    seats: 4,
    activity: activityOf(
      [DAY - 2, DAY - 1].map((day) => ({ day, persons: ['ann', 'ben'], names: ['login'] })),
      DAY,
    ),
    tickets: [],
    ratings: { asOf: DAY - 1, good: 10, all: 20, count: 20 },
  }

  it('takes what each account shows', () => {
    expect(peerValuesOf(facts, DAY - 1)).toEqual({
      groups: ['0-90/all', 'any/all', 'any'],
      values: { 'active-user-share': 0.5, frequency: 2, breadth: 1 },
      ratings: facts.ratings,
      change: null,
    })
    expect(peerValuesOf({ ...facts, activity: null, seats: null }, DAY).values).toEqual({ frequency: 0, breadth: 0 })
    // Its first use is of the day after: it was not there to be silent.
    expect(peerValuesOf(facts, DAY - 3).values).toEqual({})
    expect(peerValuesOf({ ...facts, connected: { usage: false, tickets: true } }, DAY).values).toEqual({})
  })

  it('holds the mean rating and the usual change of use, and survives storage', () => {
    const accounts = times(40, (index) => peer(['any'], index % 7, { change: -0.2, ratings: facts.ratings }))
    const table = freezePeers(DAY, accounts)

    expect(table).toMatchObject({ day: DAY, accounts: 40, satisfaction: 0.5, usualChange: -0.2 })
    const stored: unknown = JSON.parse(JSON.stringify(table))
    expect(isPeerTable(stored)).toBe(true)
    expect(stored).toEqual(table)
    expect(freezePeers(DAY, accounts.toReversed())).toEqual(table)
    expect(freezePeers(DAY, [])).toEqual({ day: DAY, accounts: 0, groups: {}, satisfaction: 0.8, usualChange: 0 })
  })
})
