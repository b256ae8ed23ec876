import { describe, expect, it } from '@jest/globals'
import { seatsOf } from './seats-of.ts'

describe('the seats of a profile', () => {
  it('are a number from 1 on, or a text of one', () => {
    expect([1, 12, '12', ' 2.5 '].map(seatsOf)).toEqual([1, 12, 12, 2.5])
  })

  it('are not known otherwise', () => {
    const traits = [undefined, null, 0, -3, 0.5, 5e-324, '', ' ', 'many', NaN, Infinity, true, [5], { seats: 5 }]
    expect(traits.map(seatsOf)).toEqual(Array<null>(traits.length).fill(null))
  })
})
