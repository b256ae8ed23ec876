import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ActivitySeries } from './activity-series.ts'
import type { Activity, KeyFeatures } from './activity.ts'
import type { Day } from './day.ts'
import { activityOf, fold, isOutdated, type DayFacts, type DayUse, type Gap } from './fold-activity.ts'
import { ownHistory, trend } from './own-history.ts'

interface Fact {
  readonly day: Day
  readonly person: string
  readonly name: string
}

// What the store does: facts in sets, and what each chunk makes new in them.
class FactSet {
  readonly facts: Fact[] = []

  take(chunk: readonly Fact[]): DayUse[] {
    return chunk.map((fact) => {
      const persons = this.gapsOf(fact, ({ person }) => person)
      const names = this.gapsOf(fact, ({ name }) => name).map((gap) => ({ ...gap, name: fact.name }))
      this.facts.push(fact)
      return { day: fact.day, persons, names }
    })
  }

  private gapsOf(fact: Fact, of: (fact: Fact) => string): Gap[] {
    const days = this.facts.filter((other) => of(other) === of(fact)).map(({ day }) => day)
    if (days.includes(fact.day)) return []
    const previous = days.filter((day) => day < fact.day)
    const next = days.filter((day) => day > fact.day)
    return [{ previous: previous.length ? Math.max(...previous) : null, next: next.length ? Math.min(...next) : null }]
  }

  byDay(): DayFacts[] {
    const days = [...new Set(this.facts.map(({ day }) => day))].toSorted((a, b) => a - b)
    return days.map((day) => {
      const on = this.facts.filter((fact) => fact.day === day)
      return {
        day,
        persons: [...new Set(on.map(({ person }) => person))],
        names: [...new Set(on.map(({ name }) => name))],
      }
    })
  }
}

const foldAll = (
  facts: FactSet,
  chunks: readonly (readonly Fact[])[],
  today: Day,
  keyFeatures: KeyFeatures = null,
): Activity | null => {
  let activity: Activity | null = null
  for (const chunk of chunks) {
    const folded = fold(activity, facts.take(chunk), today, keyFeatures)
    activity = folded === 'recompute' ? activityOf(facts.byDay(), today, keyFeatures) : folded
  }
  return activity
}

// The definitions, by counting in all facts.
const plainly = (facts: readonly Fact[], asOf: Day, keyFeatures: KeyFeatures = null) => {
  const first = Math.min(...facts.map(({ day }) => day))
  const inWindow = (day: Day) => facts.filter((fact) => fact.day > day - 28 && fact.day <= day)
  const count = (of: (fact: Fact) => string | number) => (day: Day) => new Set(inWindow(day).map(of)).size
  const isKey = ({ name }: Fact) => keyFeatures === null || keyFeatures.includes(name)
  const trackNames = (day: Day) =>
    new Set(
      inWindow(day)
        .filter(isKey)
        .map(({ name }) => name),
    ).size
  const users = count(({ person }) => person)
  const own = (of: (day: Day) => number) => ownHistory(of, first, { day: first, level: null }, asOf)
  const activeDays = count(({ day }) => day)
  return {
    activeDays: activeDays(asOf),
    trackNames: trackNames(asOf),
    users: users(asOf),
    reach: own(users),
    frequency: own(activeDays),
    breadth: own(trackNames),
    trend: trend(
      count(({ day, person }) => `${day} ${person}`),
      first,
      asOf,
    ),
  }
}

const folded = (activity: Activity, asOf: Day) => {
  const series = new ActivitySeries(activity)
  const { first } = activity
  return {
    activeDays: series.activeDays(asOf),
    trackNames: series.trackNames(asOf),
    users: series.users(asOf),
    reach: ownHistory(series.users, first, series.checkpointOf('reach'), asOf),
    frequency: ownHistory(series.activeDays, first, series.checkpointOf('frequency'), asOf),
    breadth: ownHistory(series.trackNames, first, series.checkpointOf('breadth'), asOf),
    trend: trend(series.personDays, first, asOf),
  }
}

const TODAY = 700
const somebody: Gap = { previous: null, next: null }
const fact = (latest: Day): fc.Arbitrary<Fact> =>
  fc.record({
    day: fc.integer({ min: 0, max: latest }),
    person: fc.constantFrom('ann', 'ben', 'cem'),
    name: fc.constantFrom('login', 'report', 'export', 'invite'),
  })

const chunked = <T>(all: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_, chunk) => all.slice(chunk * size, (chunk + 1) * size))

describe('folded activity', () => {
  it('scores exactly as all facts do, whatever their order, repeats and chunks', () => {
    fc.assert(
      fc.property(
        fc.array(fact(TODAY + 1), { minLength: 1, maxLength: 120 }),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom(null, ['login', 'export']),
        (facts, size, later, keyFeatures) => {
          const chunks = chunked([...facts, ...facts.slice(0, 20)], size)
          const activity = foldAll(new FactSet(), chunks, TODAY, keyFeatures)
          const asOf = TODAY + 1 + later
          expect(activity && folded(activity, asOf)).toEqual(plainly(facts, asOf, keyFeatures))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('is the same in order, where the series slide, as from all facts at once', () => {
    fc.assert(
      fc.property(fc.array(fact(TODAY), { minLength: 30, maxLength: 150 }), (facts) => {
        const inOrder = facts.toSorted((a, b) => a.day - b.day)
        const set = new FactSet()
        const activity = foldAll(set, chunked(inOrder, 10), TODAY)
        expect(activity && folded(activity, TODAY)).toEqual(plainly(facts, TODAY))
        expect(activityOf(set.byDay(), TODAY)).not.toBeNull()
      }),
      { numRuns: 50 },
    )
  })

  it('stays as large as half a year, however long the history is', () => {
    const days = Array.from({ length: 4_000 }, (_, day) => ({ day, persons: ['ann', 'ben'], names: ['login'] }))
    const activity = activityOf(days, 4_000)

    expect(activity?.first).toBe(0)
    expect(activity?.persons.length).toBeLessThanOrEqual(241)
    expect(activity?.breadth.length).toBeLessThanOrEqual(268)
    expect(activity?.reach.length).toBeLessThanOrEqual(268)
    expect(activity?.levels).toEqual({
      frequency: expect.closeTo(28, 9),
      breadth: expect.closeTo(1, 9),
      reach: expect.closeTo(2, 9),
    })
  })

  it('asks for all facts when an event reaches back to where only averages are left', () => {
    const days = Array.from({ length: 300 }, (_, day) => ({ day: 1_000 + day, persons: ['ann'], names: [] }))
    const activity = activityOf(days, 1_299)

    expect(fold(activity, [{ day: 1_010, persons: [somebody], names: [] }], 1_299)).toBe('recompute')
    expect(fold(activity, [{ day: 1_299, persons: [somebody], names: [] }], 1_299)).not.toBe('recompute')
  })

  it('leaves facts of the future aside until their day comes', () => {
    const activity = activityOf(
      [
        { day: 10, persons: ['ann'], names: ['login'] },
        { day: 90_000, persons: ['ann'], names: ['login'] },
      ],
      10,
    )

    expect(activity).toMatchObject({ first: 10, persons: [1], deferredFrom: 90_000 })
    expect(activity && isOutdated(activity, 89_998)).toBe(false)
    expect(activity && isOutdated(activity, 89_999)).toBe(true)
  })

  it('begins with the first fact that is not in the future', () => {
    const ahead = fold(null, [{ day: 500, persons: [somebody], names: [] }], 10)
    expect(ahead).toMatchObject({ deferredFrom: 500 })
    if (ahead === 'recompute') throw new Error('nothing to recompute')
    expect(fold(ahead, [{ day: 9, persons: [somebody], names: [] }], 10)).toMatchObject({
      first: 9,
      start: 9,
      persons: [1],
    })
  })

  it('has to be counted again when the list of key features is another', () => {
    const activity = activityOf([{ day: 10, persons: ['ann'], names: ['login', 'report'] }], 10, ['report'])

    expect(activity?.breadth[0]).toBe(1)
    expect(activity && isOutdated(activity, 10, ['report'])).toBe(false)
    expect(activity && isOutdated(activity, 10, ['report', 'login'])).toBe(true)
    expect(activity && isOutdated(activity, 10)).toBe(true)
  })
})
