import { describe, expect, it } from '@jest/globals'
import { book, noPoints, splitBetween } from './split.ts'

describe('the ledger', () => {
  it('begins with the first score, and is not moved by none', () => {
    expect(book(null, [['behaviour', null]])).toBeNull()
    const first = book(null, [['behaviour', 40]])

    expect(first).toEqual({ score: 40, points: noPoints })
    expect(book(first, [['ageing', null]])).toBe(first)
  })

  it('adds up what each cause moved', () => {
    const first = { score: 40, points: noPoints }
    const second = book(first, [
      ['peers', 45],
      ['ageing', 45],
      ['behaviour', 30],
    ])
    const third = book(second, [['peers', 33]])

    expect(third).toEqual({ score: 33, points: { ...noPoints, peers: 8, behaviour: -15 } })
  })
})

describe('the parts of a split', () => {
  it('leave out what moved nothing', () => {
    expect(splitBetween({ ...noPoints, peers: 3 }, { ...noPoints, peers: 3, behaviour: 2 }, 2)).toEqual([
      { cause: 'behaviour', points: 2 },
    ])
    expect(splitBetween(noPoints, noPoints, 0)).toEqual([])
  })

  it('give what was rounded off to the largest of them', () => {
    const parts = splitBetween(noPoints, { ...noPoints, ageing: -7, behaviour: 2 }, -5.000_000_000_3)

    expect(parts.map(({ points }) => points)).toEqual([expect.closeTo(-7.000_000_000_3, 12), 2])
  })
})
