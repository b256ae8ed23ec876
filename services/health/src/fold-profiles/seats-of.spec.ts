import { describe, expect, it } from '@jest/globals'
import { seatsOf } from './seats-of.ts'

describe('the seats of a profile', () => {
  it('are a number above 0, or a text of one', () => {
    expect([12, '12', ' 2.5 '].map(seatsOf)).toEqual([12, 12, 2.5])
  })

  it('are not known otherwise', () => {
    expect([undefined, null, 0, -3, '', ' ', 'many', NaN, Infinity, true, [5], { seats: 5 }].map(seatsOf)).toEqual(
      Array<null>(12).fill(null),
    )
  })
})
