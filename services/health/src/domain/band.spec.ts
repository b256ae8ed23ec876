import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { nextBand, noBand, type BandState } from './band.ts'

const after = (scores: readonly (number | null)[], start: BandState = noBand) =>
  scores.reduce<BandState[]>((states, score, day) => [...states, nextBand(states.at(-1) ?? start, score, day)], [])
const bands = (...scores: (number | null)[]) => after(scores).map(({ band }) => band)

/** Of an account whose first score was on day 10. */
const onDays = (...scores: readonly (readonly [day: number, score: number])[]) =>
  scores.reduce<BandState[]>(
    (states, [day, score]) => [...states, nextBand(states.at(-1) ?? noBand, score, day, 10)],
    [],
  )

describe('bands', () => {
  it('begin where the first score lies', () => {
    expect([39.9, 40, 65, 65.1].map((score) => bands(score)[0])).toEqual(['red', 'amber', 'amber', 'green'])
  })

  it('get worse at once', () => {
    expect(bands(80, 65, 39)).toEqual(['green', 'amber', 'red'])
    expect(bands(80, 39)).toEqual(['green', 'red'])
    expect(bands(80, 65.1, 66)).toEqual(['green', 'green', 'green'])
  })

  it('leave red after three days at 45 or above', () => {
    expect(bands(20, 45, 45, 45, 45)).toEqual(['red', 'red', 'red', 'red', 'amber'])
    expect(bands(20, 44.9, 44.9, 44.9, 44.9)).toEqual(['red', 'red', 'red', 'red', 'red'])
  })

  it('begin the three days anew when the score was too low in between', () => {
    expect(bands(20, 45, 45, 44, 45, 45, 45, 45).at(-2)).toBe('red')
    expect(bands(20, 45, 45, 44, 45, 45, 45, 45).at(-1)).toBe('amber')
  })

  it('turn green after three days at 70 or above, from red too', () => {
    expect(bands(50, 70, 70, 70, 70)).toEqual(['amber', 'amber', 'amber', 'amber', 'green'])
    expect(bands(50, 69, 69, 69, 69, 69)).not.toContain('green')
    expect(bands(20, 90, 90, 90, 90)).toEqual(['red', 'red', 'red', 'red', 'green'])
    expect(bands(20, 50, 50, 75, 75, 75, 75)).toEqual(['red', 'red', 'red', 'red', 'amber', 'amber', 'green'])
  })

  it('do not count scorings of one day as days', () => {
    const states = [20, 50, 50, 50, 50].reduce((state, score) => nextBand(state, score, 7), noBand)
    expect(states.band).toBe('red')
  })

  it('are gone without a score', () => {
    expect(bands(80, null, 66)).toEqual(['green', null, 'green'])
  })

  it('are never better than the score', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1 }), (scores) => {
        const states = after(scores).map(({ band }, day) => ({ band, score: scores[day] ?? 0 }))
        expect(states.filter(({ band, score }) => score < 40 && band !== 'red')).toEqual([])
        expect(states.filter(({ band, score }) => score <= 65 && band === 'green')).toEqual([])
      }),
    )
  })

  it('take a better band at once in the three days after the first score', () => {
    expect(onDays([10, 20], [10, 44], [10, 45], [12, 70]).map(({ band }) => band)).toEqual([
      'red',
      'red',
      'amber',
      'green',
    ])
    expect(onDays([10, 20], [13, 45], [13, 90], [15, 90], [16, 90]).map(({ band }) => band)).toEqual([
      'red',
      'red',
      'red',
      'red',
      'green',
    ])
  })
})
