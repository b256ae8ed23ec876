import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  meanSatisfaction,
  type RatedDay,
  ratedDays,
  ratingsOf,
  satisfactionOf,
  scoreOfSatisfaction,
} from './ratings.ts'

const many = (good: number, bad: number, day = 0): RatedDay[] => [{ day, good, all: good + bad }]

describe('satisfaction', () => {
  it('shrinks few ratings towards the mean of all accounts', () => {
    // (1 + 5·0.8)/(2 + 5)
    const ratings = ratingsOf(many(1, 1), 0)
    expect(ratings && satisfactionOf(ratings, 0, 0.8)).toBeCloseTo(5 / 7, 12)
  })

  it('forgets half of a rating in ninety days, whenever it is summed up', () => {
    const early = ratingsOf(many(0, 4), 0)
    const late = ratingsOf(many(0, 4), 90)

    // (0 + 5·0.8)/(2 + 5)
    expect(early && satisfactionOf(early, 90, 0.8)).toBeCloseTo(4 / 7, 12)
    expect(late && satisfactionOf(late, 90, 0.8)).toBeCloseTo(4 / 7, 12)
    expect(late?.count).toBe(4)
  })

  it('is missing before the first rating', () => {
    expect(ratingsOf([], 10)).toBeNull()
    expect(ratingsOf(many(1, 0, 11), 10)).toBeNull()
  })

  it('is the same in whatever order ratings came', () => {
    const rating = fc.record({ day: fc.integer({ min: 0, max: 900 }), good: fc.boolean() })
    const shuffled = fc
      .array(rating, { maxLength: 30 })
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
      )
    fc.assert(fc.property(shuffled, ([all, mixed]) => expect(ratedDays(mixed)).toEqual(ratedDays(all))))
  })

  it('counts each rating by the day that it was given', () => {
    const rating = fc.record({ day: fc.integer({ min: 0, max: 900 }), good: fc.boolean() })
    fc.assert(
      fc.property(fc.array(rating, { minLength: 1, maxLength: 30 }), (all) => {
        const weight = all.reduce((sum, { day }) => sum + 2 ** (-(900 - day) / 90), 0)
        const found = ratingsOf(ratedDays(all), 900)
        expect(found?.all).toBeCloseTo(weight, 12)
        expect(found?.count).toBe(all.length)
      }),
    )
  })

  it('forgets a rating after twenty half-lives', () => {
    expect(ratingsOf(many(1, 0, 1), 1_800)?.count).toBe(1)
    expect(ratingsOf(many(1, 0, 0), 1_800)).toBeNull()
  })

  it.each([
    [0.2, 0],
    [0.5, 0],
    [0.65, 30],
    [0.8, 60],
    [0.9, 80],
    [1, 100],
  ])('of %f scores %f', (p, score) => {
    expect(scoreOfSatisfaction(p)).toBeCloseTo(score, 9)
  })
})

describe('the mean of all accounts', () => {
  it('is 0.8 until there are ten ratings', () => {
    expect(meanSatisfaction([ratingsOf(many(0, 5), 0), null, ratingsOf(many(0, 4), 0)], 0)).toBe(0.8)
    expect(meanSatisfaction([ratingsOf(many(0, 5), 0), ratingsOf(many(5, 0), 0)], 0)).toBe(0.5)
  })

  it('weighs each rating by its age', () => {
    expect(meanSatisfaction([ratingsOf(many(0, 10, 0), 90), ratingsOf(many(10, 0, 90), 90)], 90)).toBeCloseTo(2 / 3, 12)
  })
})
