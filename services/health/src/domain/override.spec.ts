import type { ScoreOverride } from '@banso/contracts'
import { describe, expect, it } from '@jest/globals'
import { effective, inForce } from './override.ts'

const override: ScoreOverride = {
  score: 80,
  reason: 'heard-from-customer',
  until: '2026-01-31T09:00:00.000+09:00',
}

describe('an override', () => {
  it('is in force until its end, whatever the zone in which that is written', () => {
    expect(inForce(override, new Date('2026-01-30T23:59:59.999Z'))).toBe(override)
    expect(inForce(override, new Date('2026-01-31T00:00:00.000Z'))).toBeNull()
    expect(inForce(null, new Date(0))).toBeNull()
  })

  it('counts in place of any computed score, and of none', () => {
    expect([30, null].map((computed) => effective(computed, override))).toEqual([80, 80])
    expect([30, null].map((computed) => effective(computed, null))).toEqual([30, null])
  })
})
