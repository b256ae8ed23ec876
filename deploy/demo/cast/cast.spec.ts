import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { seeded } from '../../drive/random.ts'
import { castAt } from './cast.ts'
import type { Events } from './member.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
// A cast is some thousand events.
const FEW = { numRuns: 25 }
const anyMoment = fc.record({
  now: fc.date({ min: new Date('2026-01-01'), max: new Date('2036-01-01'), noInvalidDate: true }),
  seed: fc.integer(),
})
const timesOf = ({ uses, tickets }: Events): number[] =>
  [...uses.map(({ at }) => at), ...tickets.map(({ updatedAt }) => updatedAt)].map((at) => at.getTime())

describe('the accounts of the demo, whenever it runs', () => {
  it('have a history that is older than a day, and four months long', () => {
    fc.assert(
      fc.property(anyMoment, ({ now, seed }) => {
        const ages = castAt({ now, random: seeded(seed) }).map(({ history }) =>
          timesOf(history).map((at) => now.getTime() - at),
        )
        expect(Math.min(...ages.flat())).toBeGreaterThan(DAY_MS)
        expect(Math.max(...ages.flat())).toBeLessThan(126 * DAY_MS)
        for (const age of ages) expect(Math.max(...age)).toBeGreaterThan(118 * DAY_MS)
      }),
      FEW,
    )
  })

  it('do today what happens now, and each ticket is told in the order of its time', () => {
    fc.assert(
      fc.property(anyMoment, ({ now, seed }) => {
        for (const { history, today } of castAt({ now, random: seeded(seed) })) {
          expect(timesOf(today ?? { uses: [], tickets: [] }).every((at) => at === now.getTime())).toBe(true)
          const all = [...history.tickets, ...(today?.tickets ?? [])]
          for (const told of Map.groupBy(all, ({ ticketId }) => ticketId).values())
            expect(told.map(({ updatedAt }) => updatedAt.getTime())).toEqual(
              told.map(({ updatedAt }) => updatedAt.getTime()).toSorted((a, b) => a - b),
            )
        }
      }),
      FEW,
    )
  })

  it('are as their story says: who thrives uses all, who stalls is never activated, who goes silent is silent', () => {
    const cast = new Map(castAt({ now: new Date(), random: seeded(1) }).map((member) => [member.title, member]))
    const usesOf = (title: string) => cast.get(title)?.history.uses ?? []
    const features = (title: string) => new Set(usesOf(title).map(({ event }) => event)).size
    const persons = (title: string) => new Set(usesOf(title).map(({ person }) => person)).size
    expect([features('thrives'), persons('thrives')]).toEqual([5, 8])
    expect([features('stalls in onboarding'), persons('stalls in onboarding')]).toEqual([2, 1])
    expect([features('grows to expansion-ready'), persons('grows to expansion-ready')]).toEqual([4, 15])
    const silence = Date.now() - Math.max(...usesOf('goes silent').map(({ at }) => at.getTime()))
    expect(silence).toBeGreaterThan(28 * DAY_MS)
  })
})
