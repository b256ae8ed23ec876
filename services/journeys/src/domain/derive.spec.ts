import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activated } from './activation.ts'
import { derive } from './derive.ts'
import { evolveUsage, type Facts, type Heard, NO_FACTS, NO_USE, type Track } from './facts.ts'
import { type JourneySpec, keyOf, wayBackOf } from './journey.ts'
import { instant, utc } from './samples.suite.ts'
import { presentOf, standingOf, type Underway } from './state.ts'

const title = { en: 'x', ja: 'x' }
const activation = { activation: { distinct: 2, users: 2 } }
const ready = { 'expansion-ready': {} }
const spec: JourneySpec = {
  dormantAfter: 'P28D',
  stages: [
    {
      name: 'onboarding',
      title,
      expected: 'P30D',
      longest: 'P90D',
      stalledAfter: 'P120D',
      milestones: [
        { name: 'kick-off', title, expected: 'P7D' },
        { name: 'activation', title, when: activation },
      ],
      next: { milestones: ['activation'] },
    },
    { name: 'adoption', title, expected: 'P180D', longest: 'P365D', next: ready },
    { name: 'expansion', title, back: { failing: 2, for: 'P28D' } },
  ],
}
const lost = keyOf(wayBackOf(spec, 2) ?? {})

const heard = (day: number, hour = 0): Heard => ({
  id: `${day}-${hour}`,
  at: instant(day, hour),
  receivedAt: instant(day, hour),
})
const finding = (day: number) => ({ at: instant(day), reason: 'r', values: { day }, evidence: [`e${day}`] })
const turns = (...days: number[]): Track =>
  days.map((day, index) =>
    index % 2 === 0
      ? { day, at: instant(day), met: true, finding: finding(day) }
      : { day, at: instant(day), met: false },
  )
const used = (first: number, last = first, activatedOn?: number): Facts['usage'] => ({
  first: heard(first),
  last: heard(last),
  reached: activatedOn === undefined ? {} : { [keyOf(activation)]: finding(activatedOn) },
})
const on = (day: number, facts: Partial<Facts>): Underway => {
  const state = derive(spec, { ...NO_FACTS, ...facts }, day, utc)
  if (state.status === 'waiting') throw new Error('it has begun')
  return state
}
const stagesOf = (state: Underway) => state.entries.map(({ stage, at, direction }) => [stage, direction, at])

describe('where an account stands', () => {
  it('waits until it was used or observed', () => {
    expect(derive(spec, NO_FACTS, 5, utc)).toEqual({ status: 'waiting' })
    const observed = { firstAt: instant(3), newest: heard(9) }
    expect(presentOf(on(10, { observed })).at).toBe(instant(3))
    expect(presentOf(on(10, { observed, usage: used(2) })).at).toBe(instant(2))
  })

  it('goes from behind to stuck to stalled, a day at a time', () => {
    const facts = { usage: used(0, 125) }
    expect(on(30, facts).pace).toMatchObject({ pace: 'on-track' })
    expect(on(31, facts).pace).toEqual({
      pace: 'behind',
      at: instant(31),
      reason: '31 days in onboarding, 30 were expected',
      values: { daysInStage: 31, expectedDays: 30 },
    })
    expect(on(91, facts).pace).toMatchObject({ pace: 'stuck', reason: '91 days in onboarding, 90 at the longest' })
    expect(on(119, facts).flags.stalled.raised).toBe(false)
    expect(on(120, facts).flags.stalled).toMatchObject({ raised: true, at: instant(120) })
    expect(standingOf(on(120, facts))).toBe('stalled')
    expect(on(8, facts).paces).toMatchObject({ 'kick-off': { pace: 'behind' }, activation: { pace: 'on-track' } })
  })

  it('moves on when activation is reached, and is paced from then', () => {
    const state = on(100, { usage: used(0, 100, 40) })
    expect(stagesOf(state)).toEqual([
      ['onboarding', 'first', instant(0)],
      ['adoption', 'forward', instant(40)],
    ])
    expect(state.pace).toMatchObject({ pace: 'on-track', values: { daysInStage: 60 } })
    expect(state.flags.stalled.raised).toBe(false)
    expect(presentOf(state)).toMatchObject({ from: 'onboarding', reason: 'r', values: { day: 40 }, evidence: ['e40'] })
    expect(state.paces).toEqual({})
  })

  it('goes to expansion and back, and on again only when it is ready anew', () => {
    const tracks = { [keyOf(ready)]: turns(50, 75, 140), [lost]: turns(90, 120) }
    const state = on(200, { usage: used(0, 200, 10), tracks })
    expect(stagesOf(state).slice(2)).toEqual([
      ['expansion', 'forward', instant(50)],
      ['adoption', 'back', instant(90)],
      ['expansion', 'forward', instant(140)],
    ])
    const still = on(200, { usage: used(0, 200, 10), tracks: { [keyOf(ready)]: turns(50), [lost]: turns(90) } })
    expect(presentOf(still).stage).toBe('adoption')
  })

  it('enters a stage at once when what leads on held before it', () => {
    const state = on(100, { usage: used(0, 100, 60), tracks: { [keyOf(ready)]: turns(50) } })
    expect(stagesOf(state).map(([stage, , at]) => [stage, at])).toEqual([
      ['onboarding', instant(0)],
      ['adoption', instant(60)],
      ['expansion', instant(60)],
    ])
  })

  it('is dormant when nobody uses the product, and active when somebody does', () => {
    expect(on(27, { usage: used(0) }).status).toBe('active')
    expect(on(28, { usage: used(0) })).toMatchObject({
      status: 'dormant',
      flags: { dormant: { raised: true, at: instant(28), reason: 'no use for 28 days', values: { daysSilent: 28 } } },
    })
    expect(on(28, { usage: used(0, 28) }).status).toBe('active')
    expect(on(40, { observed: { firstAt: instant(3), newest: heard(39) } }).status).toBe('dormant')
  })

  it('is at risk while health is red', () => {
    const health = { band: 'red' as const, score: 30, scoredAt: instant(2) }
    expect(on(2, { usage: used(0), health }).flags['at-risk']).toMatchObject({ raised: true, at: instant(2) })
    expect(on(2, { usage: used(0), health: { ...health, band: 'amber' } }).flags['at-risk'].raised).toBe(false)
  })

  it('knows what people said', () => {
    const state = on(9, { usage: used(0), manual: { 'kick-off': finding(4), gone: finding(4) } })
    expect(state.reached).toEqual({ 'kick-off': { ...finding(4), how: 'manual' } })
    expect(state.paces).toEqual({ activation: expect.objectContaining({ pace: 'on-track' }) })
  })

  it('comes out the same whatever the order, the chunks and the repeats of the events', () => {
    const event = fc.record({
      day: fc.nat(150),
      hour: fc.nat(23),
      name: fc.constantFrom('login', 'report', 'export'),
      personId: fc.constantFrom('ann', 'ben'),
    })
    type Event = { day: number; hour: number; name: string; personId: string }
    const uses = (all: readonly Event[]) =>
      all.map(({ day, hour, name, personId }) => ({
        ...heard(day, hour),
        id: `${day}-${hour} ${name} ${personId}`,
        name,
        personId,
      }))
    const fold = (events: readonly Event[], size: number): Facts['usage'] => {
      const first = new Map<string, ReturnType<typeof uses>[number]>()
      let usage = NO_USE
      for (let from = 0; from < events.length; from += size) {
        const chunk = uses(events.slice(from, from + size))
        usage = evolveUsage(usage, chunk, utc)
        for (const use of chunk) {
          const known = first.get(`${use.name} ${use.personId}`)
          if (known === undefined || use.at < known.at) first.set(`${use.name} ${use.personId}`, use)
        }
        const reached = activated(activation.activation, [...first.values()])
        usage = { ...usage, reached: reached ? { [keyOf(activation)]: reached } : {} }
      }
      return usage
    }
    const told = fc
      .array(event, { minLength: 1, maxLength: 30 })
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }), fc.subarray(all)))
    fc.assert(
      fc.property(
        told,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 150, max: 200 }),
        ([all, shuffled, again], size, day) => {
          const late = fold([...shuffled, ...again], size)
          expect(on(day, { usage: late })).toEqual(on(day, { usage: fold(all, all.length) }))
        },
      ),
    )
  })
})
