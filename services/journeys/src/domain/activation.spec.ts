import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { activated, type FirstUse } from './activation.ts'

const use = (name: string, personId: string, minute: number): FirstUse => ({
  name,
  personId,
  id: `${name}-${personId}-${minute}`,
  at: new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString(),
  receivedAt: '2026-01-02T00:00:00.000Z',
})

const uses = fc.array(
  fc
    .record({
      name: fc.constantFrom('login', 'report', 'export', 'invite', 'share'),
      personId: fc.constantFrom('ann', 'ben', 'cem', 'dee'),
      minute: fc.nat(50),
    })
    .map(({ name, personId, minute }) => use(name, personId, minute)),
  { maxLength: 40 },
)

const shuffledUses = uses.chain((all) =>
  fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
)

const rule = fc.record({ distinct: fc.integer({ min: 1, max: 5 }), users: fc.integer({ min: 1, max: 4 }) })

/** By counting anew at every event. */
const plainly = (all: readonly FirstUse[], distinct: number, users: number): string | null =>
  all
    .map(({ at }) => at)
    .toSorted()
    .find((at) => {
      const until = all.filter((one) => one.at <= at)
      return (
        new Set(until.map(({ name }) => name)).size >= distinct &&
        new Set(until.map(({ personId }) => personId)).size >= users
      )
    }) ?? null

describe('activation', () => {
  it('is reached when enough names were used by enough people, whatever the order of the uses', () => {
    fc.assert(
      fc.property(shuffledUses, rule, ([all, shuffled], { distinct, users }) => {
        const found = activated({ distinct, users }, all)
        expect(found?.at ?? null).toBe(plainly(all, distinct, users))
        expect(activated({ distinct, users }, shuffled)).toEqual(found)
      }),
    )
  })

  it('rests on three names and two users where the rule does not say', () => {
    const two = [use('login', 'ann', 1), use('report', 'ben', 2), use('login', 'ben', 3)]
    expect(activated({}, two)).toBeNull()
    expect(activated({}, [...two, use('export', 'ann', 4), use('share', 'ann', 5)])).toEqual({
      at: '2026-01-01T00:04:00.000Z',
      reason: '3 different events used by 2 users',
      values: { keyEvents: 3, users: 2, names: ['export', 'login', 'report'] },
      evidence: ['export-ann-4', 'report-ben-2', 'login-ann-1'],
    })
  })

  it('counts key events alone where they are named', () => {
    const all = [use('login', 'ann', 1), use('report', 'ann', 2), use('export', 'ben', 3)]
    expect(activated({ keyEvents: ['report'], distinct: 1, users: 1 }, all)?.at).toBe('2026-01-01T00:02:00.000Z')
    expect(activated({ keyEvents: ['report'], distinct: 1, users: 2 }, all)).toBeNull()
  })
})
