import { describe, expect, it } from '@jest/globals'
import { auditEffects, auditUsage } from './audit.ts'

describe('the audit of effects', () => {
  it('finds nothing where each probe had one effect, redelivered or not', () => {
    expect(auditEffects([['a'], ['b', 'b']], 3)).toEqual({ lost: 0, doubled: 0, redelivered: 1 })
  })

  it('counts a probe without an effect as lost, a second id as doubled', () => {
    expect(auditEffects([[], ['a', 'b']], 2)).toEqual({ lost: 1, doubled: 1, redelivered: 0 })
  })

  it('counts an effect that no probe caused as doubled', () => {
    expect(auditEffects([['a']], 2)).toMatchObject({ lost: 0, doubled: 1 })
  })
})

const counted = (items: { day: string; event: string; count: number }[]) =>
  auditUsage({ facts: new Map([['acme|2026-01-15|Export', 3]]) }, new Map([['acme', 'id']]), {
    all: async <T>() => items as T[],
  })

describe('the audit of usage', () => {
  const exported = { day: '2026-01-15', event: 'Export', count: 3 }

  it('finds nothing where counts are equal', async () => {
    expect(await counted([exported])).toEqual({ lost: 0, doubled: 0 })
  })

  it('counts what is missing as lost, what is too much or strange as doubled', async () => {
    expect(await counted([{ ...exported, count: 1 }])).toEqual({ lost: 2, doubled: 0 })
    expect(await counted([{ ...exported, count: 4 }])).toEqual({ lost: 0, doubled: 1 })
    expect(await counted([exported, { ...exported, day: '2026-01-16' }])).toEqual({ lost: 0, doubled: 3 })
    expect(await counted([])).toEqual({ lost: 3, doubled: 0 })
  })
})
