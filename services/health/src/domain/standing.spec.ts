import { describe, expect, it } from '@jest/globals'
import { formatDay } from './day.ts'
import type { Score } from './score.ts'
import { noPoints } from './split.ts'
import { advance, advanceTo, changesOf, type Found, type PastScore, type Standing } from './standing.ts'

const scoreOf = (value: number | null): Score => ({
  score: value,
  partial: false,
  coverage: 1,
  outcome: { score: value, coverage: 1 },
  experience: { score: value, coverage: 1 },
  measures: [],
})
const found = (value: number | null, day: number, overrides: Partial<Found> = {}): Found => ({
  day,
  score: scoreOf(value),
  steps: [['behaviour', value]],
  override: null,
  by: null,
  drop: null,
  ...overrides,
})
const at = (value: number | null, day: number, before: Standing | null = null, overrides: Partial<Found> = {}) =>
  advance(before, found(value, day, overrides))
const past = (score: number, day: number): PastScore => ({ day, score, band: 'amber', points: null })

/** Scorings one after another, each told. */
const tell = (
  scorings: readonly (readonly [day: number, score: number | null])[],
  reference: PastScore | null = null,
) => {
  let standing: Standing | null = null
  return scorings.map(([day, score]) => {
    const told = changesOf(standing, at(score, day, standing), reference)
    standing = told.standing
    return told.changes
  })
}

describe('changes', () => {
  it('tell of a first score as a change of band from none', () => {
    const first = {
      kind: 'band',
      from: { score: null, band: null, day: formatDay(10) },
      to: { score: 20, band: 'red' },
      first: true,
    }
    expect(tell([[10, 20]], past(90, 3))).toEqual([[first]])
    const changes = tell([
      [9, null],
      [10, 20],
      [11, null],
      [12, 20],
    ])
    expect(changes).toEqual([[], [first], [], []])
  })

  it('tell of a change of band', () => {
    const before = at(66, 10)
    const { changes } = changesOf(before, at(64, 11, before), null)

    expect(changes).toEqual([
      {
        kind: 'band',
        from: { score: 66, band: 'green', day: formatDay(10) },
        to: { score: 64, band: 'amber' },
        split: [{ cause: 'behaviour', points: -2 }],
      },
    ])
  })

  it('do not take a score that comes or goes for a change of band', () => {
    expect(
      tell([
        [10, 80],
        [11, null],
        [12, 20],
      ]).slice(1),
    ).toEqual([[], []])
    const before = at(null, 11, at(80, 10))
    expect(changesOf(before, at(20, 12, before), past(80, 5)).changes).toEqual([])
  })

  it('tell of a move of ten against the score of seven days ago', () => {
    const before = at(52, 19)
    const { changes, standing } = changesOf(before, at(50, 20, before), past(60, 13))

    expect(changes).toEqual([
      {
        kind: 'move',
        from: { score: 60, band: 'amber', day: formatDay(13) },
        to: { score: 50, band: 'amber' },
        movedBy: -10,
      },
    ])
    expect(standing.told).toMatchObject({ day: 20, score: 50, band: 'amber' })
    expect(changesOf(before, at(50.01, 20, before), past(60, 13)).changes).toEqual([])
  })

  it('measure against the first score as long as there is no earlier day', () => {
    const changes = tell([
      [10, 60],
      [10, 55],
      [10, 50],
      [10, 45],
    ])

    expect(changes.map((each) => each.map(({ kind }) => kind))).toEqual([['band'], [], ['move'], []])
    expect(changes[2]?.[0]).toMatchObject({ from: { score: 60, day: formatDay(10) }, movedBy: -10 })
  })

  it('tell one move once, and a further one only ten points from there', () => {
    const changes = tell(
      [
        [20, 64],
        [20, 50],
        [20, 50],
        [21, 52],
        [22, 49],
        [23, 41],
        [23, 40],
        [24, 50],
      ],
      past(64, 13),
    )

    expect(changes.map((each) => each.flatMap((change) => (change.kind === 'move' ? [change.movedBy] : [])))).toEqual([
      [],
      [-14],
      [],
      [],
      [],
      [],
      [-10],
      [10],
    ])
  })

  it('measure against a week ago again when a move was told a week ago', () => {
    const standing = { ...at(50, 20), told: past(50, 20) }
    const later = { ...at(51, 27, standing), told: past(50, 20) }

    expect(changesOf(standing, later, past(40, 20)).changes).toMatchObject([{ kind: 'move', from: { score: 40 } }])
  })
})

describe('a split', () => {
  const before = at(80, 10)

  it('tells what moved the score since the one that it is measured against', () => {
    const aged = at(74, 11, before, {
      steps: [
        ['peers', 79],
        ['ageing', 74],
      ],
    })
    const after = at(65, 12, aged, {
      steps: [
        ['ageing', 75],
        ['late-data', 75],
        ['behaviour', 65],
      ],
    })
    const [change] = changesOf(before, after, null).changes

    expect(change).toMatchObject({ kind: 'band', from: { score: 80 }, to: { score: 65 } })
    expect(change?.split).toEqual([
      { cause: 'peers', points: -1 },
      { cause: 'ageing', points: -4 },
      { cause: 'behaviour', points: -10 },
    ])
  })

  it('goes over days without a score', () => {
    const gone = at(null, 11, before, {
      steps: [
        ['ageing', null],
        ['behaviour', null],
      ],
    })
    const back = at(60, 12, gone, {
      steps: [
        ['ageing', null],
        ['behaviour', 60],
      ],
    })
    const later = at(65, 13, back)

    expect(back.ledger).toEqual({ score: 60, points: { ...noPoints, behaviour: -20 } })
    expect(changesOf(back, later, { day: 6, score: 80, band: 'green', points: noPoints }).changes).toMatchObject([
      { kind: 'move', movedBy: -15, split: [{ cause: 'behaviour', points: -15 }] },
    ])
  })
})

describe('an alarm', () => {
  const state = { day: 1, variance: 0.05, sum: 0, usualChanges: [] }
  const alarm = { day: 12, recent: 2, usual: 14 }
  const before = at(60, 10, null, { drop: { ...state, alarm: null } })

  it('is told once', () => {
    const after = at(55, 11, before, { drop: { ...state, alarm } })

    expect(changesOf(before, after, null).changes).toMatchObject([
      { kind: 'alarm', recent: 2, usual: 14, from: { score: 60 }, to: { score: 55 }, split: [{ points: -5 }] },
    ])
    expect(changesOf(after, at(55, 12, after, { drop: after.drop }), null).changes).toEqual([])
  })

  it('is told of an account without a score, too', () => {
    const silent = at(null, 10, null, { drop: { ...state, alarm: null } })
    const after = at(null, 11, silent, { drop: { ...state, alarm } })

    expect(changesOf(silent, after, null).changes).toEqual([
      {
        kind: 'alarm',
        from: { score: null, band: null, day: formatDay(10) },
        to: { score: null, band: null },
        recent: 2,
        usual: 14,
      },
    ])
  })

  it('is history when the detector looks back for the first time', () => {
    const young = at(60, 10)
    expect(changesOf(young, at(60, 11, young, { drop: { ...state, alarm } }), null).changes).toEqual([])
  })
})

describe('an override', () => {
  const override = { score: 80, reason: 'other', owner: 'Kim', until: '2026-01-31T00:00:00.000Z' }

  it('counts in place of what is computed, by the same rules of bands', () => {
    const before = at(30, 20, at(30, 10))
    const set = at(30, 20, before, { override, steps: [['override', 80]] })
    const held = at(50, 23, set, { override, steps: [['override', 80]] })
    const lifted = at(50, 24, held, { steps: [['override', 50]] })

    expect([before, set, held, lifted].map(({ bands }) => bands.band)).toEqual(['red', 'red', 'green', 'amber'])
    expect([before, set, held, lifted].map(({ computedBands }) => computedBands?.band)).toEqual([
      undefined,
      'red',
      'red',
      undefined,
    ])
    expect(changesOf(before, set, null).changes).toMatchObject([
      { kind: 'move', movedBy: 50, split: [{ cause: 'override', points: 50 }] },
    ])
    expect(changesOf(held, lifted, null).changes).toMatchObject([
      { kind: 'band', from: { score: 80 }, to: { score: 50 }, split: [{ cause: 'override', points: -30 }] },
      { kind: 'move', movedBy: 20 },
    ])
  })
})

describe('missed days', () => {
  it('are scored one by one, so that bands hold their days', () => {
    const before = at(20, 10, at(20, 1))
    const days = advanceTo(before, 14, (standing, day) => at(50, day, standing))

    expect(days.map(({ day, bands }) => [day, bands.band])).toEqual([
      [11, 'red'],
      [12, 'red'],
      [13, 'red'],
      [14, 'amber'],
    ])
  })

  it('are none on the same day, and five weeks at most', () => {
    expect(advanceTo(at(20, 10), 10, (standing, day) => at(50, day, standing))).toEqual([])
    const days = advanceTo(at(20, 10), 1_000, (standing, day) => at(50, day, standing))
    expect([days.length, days[0]?.day, days.at(-1)?.day]).toEqual([35, 966, 1_000])
  })
})
