import { describe, expect, it } from '@jest/globals'
import { paceOf, spreadOf } from './pace.ts'

describe('a pace', () => {
  const marks = [
    { at: 0, done: 0, cpu: { health: 1 } },
    { at: 4000, done: 100, cpu: { health: 3 } },
    { at: 5000, done: 600, cpu: { health: 4 } },
    { at: 6000, done: 1100, cpu: { health: 5, postgres: 2 } },
  ]

  it('is that of the stretch behind the warm-up', () => {
    expect(paceOf(marks, 100)).toEqual({ perSecond: 500, cpuMs: { health: 2, postgres: 2 } })
  })

  it('counts the CPU of what was put off, and not its time', () => {
    const later = [...marks, { at: 9000, done: 1100, cpu: { health: 6, postgres: 2 } }]
    expect(paceOf(later, 100)).toEqual({ perSecond: 500, cpuMs: { health: 3, postgres: 2 } })
  })

  it('is not known where nothing was done behind it, and then within no limit', () => {
    expect(paceOf(marks, 1100).perSecond >= 0).toBe(false)
    expect(paceOf([], 0).perSecond >= 0).toBe(false)
  })
})

describe('a spread', () => {
  it('is how much the largest exceeds the smallest', () => {
    expect(spreadOf([2, 2.2, 2.1])).toBeCloseTo(0.1)
    expect(spreadOf([2, Number.NaN]) <= 0.15).toBe(false)
  })
})
