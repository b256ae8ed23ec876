import { describe, expect, it } from '@jest/globals'
import { formatDay } from './calendar.ts'
import type { Score } from './score.ts'
import { advance, advanceTo, changesOf, type PastScore, type Standing } from './standing.ts'

const scoreOf = (value: number | null): Score => ({
  score: value,
  partial: false,
  coverage: 1,
  outcome: { score: value, coverage: 1 },
  experience: { score: value, coverage: 1 },
  measures: [],
})
const at = (value: number | null, day: number, before: Standing | null = null) => advance(before, scoreOf(value), day)
const past = (score: number, day: number): PastScore => ({ day, score, band: 'amber' })

/** Scorings one after another, each told. */
const tell = (
  scorings: readonly (readonly [day: number, score: number | null])[],
  reference: PastScore | null = null,
) => {
  let standing: Standing | null = null
  return scorings.map(([day, score]) => {
    const found = changesOf(standing, advance(standing, scoreOf(score), day), reference)
    standing = found.standing
    return found.changes
  })
}

describe('changes', () => {
  it('are none for a first score', () => {
    expect(tell([[10, 20]])).toEqual([[]])
    expect(tell([[10, 20]], past(90, 3))).toEqual([[]])
  })

  it('tell of a change of band', () => {
    const before = at(66, 10)
    const { changes } = changesOf(before, at(64, 11, before), null)

    expect(changes).toEqual([
      { kind: 'band', from: { score: 66, band: 'green', day: formatDay(10) }, to: { score: 64, band: 'amber' } },
    ])
  })

  it('do not take a score that comes or goes for a change of band', () => {
    expect(
      tell([
        [10, 80],
        [11, null],
        [12, 20],
      ]).slice(0, 2),
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
    expect(standing.told).toEqual({ day: 20, score: 50, band: 'amber' })
    expect(changesOf(before, at(50.01, 20, before), past(60, 13)).changes).toEqual([])
  })

  it('measure against the first score as long as there is no earlier day', () => {
    const changes = tell([
      [10, 60],
      [10, 55],
      [10, 50],
      [10, 45],
    ])

    expect(changes.map((each) => each.map(({ kind }) => kind))).toEqual([[], [], ['move'], []])
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

describe('missed days', () => {
  it('are scored one by one, so that bands hold their days', () => {
    const before = at(20, 10)
    const days = advanceTo(before, 14, () => scoreOf(50))

    expect(days.map(({ day, bands }) => [day, bands.band])).toEqual([
      [11, 'red'],
      [12, 'red'],
      [13, 'red'],
      [14, 'amber'],
    ])
  })

  it('are none on the same day, and five weeks at most', () => {
    expect(advanceTo(at(20, 10), 10, () => scoreOf(50))).toEqual([])
    const days = advanceTo(at(20, 10), 1_000, () => scoreOf(50))
    expect([days.length, days[0]?.day, days.at(-1)?.day]).toEqual([35, 966, 1_000])
  })
})
