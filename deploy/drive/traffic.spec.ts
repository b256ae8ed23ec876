import { describe, expect, it } from '@jest/globals'
import { lowestPace } from './traffic.ts'

describe('the lowest pace', () => {
  const steady = Array.from({ length: 31 }, (_, second) => second * 210)

  it('is that of the ten seconds in which least was offered', () => {
    expect(lowestPace(steady)).toBe(210)
    const stalled = steady.map((sum, second) => (second < 15 ? sum : Math.max(sum - 630, 15 * 210)))
    expect(lowestPace(stalled)).toBe(147)
    const caughtUp = steady.map((sum, second) => (second === 15 ? sum - 210 : sum))
    expect(lowestPace(caughtUp)).toBe(189)
  })

  it('is not told of less', () => {
    expect(lowestPace(steady.slice(0, 10))).toBeUndefined()
  })
})
