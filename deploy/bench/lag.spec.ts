import { describe, expect, it } from '@jest/globals'
import { quantile } from '../drive/quantiles.ts'
import { largestLag } from './lag.ts'

describe('the largest lag', () => {
  const samples = [30, 45.2, 60, 90].map((second, index) => ({ second, lag: index * 10 }))

  it('is that of the window, its end left out', () => {
    expect(largestLag(samples, 30, 60)).toBe(10)
    expect(largestLag(samples, 60, 120)).toBe(30)
  })

  it('is within no limit where nothing was sampled, or nothing could be told', () => {
    expect(largestLag(samples, 0, 30) <= Number.POSITIVE_INFINITY).toBe(false)
    const unknown = [...samples, { second: 50, lag: Number.NaN }]
    expect(largestLag(unknown, 30, 60) <= Number.POSITIVE_INFINITY).toBe(false)
  })
})

describe('a quantile', () => {
  it('is the nearest rank, and within no limit without values', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect([0.5, 0.95, 0.99, 1].map((q) => quantile(values, q))).toEqual([50, 95, 99, 100])
    expect(quantile([], 0.95) < 1000).toBe(false)
  })
})
