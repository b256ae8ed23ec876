// Handlers, stores and timers on a real database, without a log. One file: loading the service takes longer than most tests.
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals'
import { AnAccount } from './an-account.ts'
import { describeDailyScore } from './daily-score.suite.ts'
import { Folding } from './folding.ts'
import { describeFolding } from './folding.suite.ts'
import { describeInputs } from './inputs.suite.ts'
import { describePastScores } from './past-scores.suite.ts'
import { describeScoring } from './scoring.suite.ts'
import { describeYardsticks } from './yardsticks.suite.ts'

describe('scores', () => {
  let health: Folding

  beforeAll(async () => {
    health = await Folding.open()
  })
  afterAll(() => health?.close())

  describe('folding', () => {
    describeFolding(() => health)
  })

  describe('of an account', () => {
    let account: AnAccount

    beforeEach(async () => {
      account = await AnAccount.begin(health)
    })
    const begun = () => account

    describe('scoring', () => {
      describeScoring(begun)
    })
    describe('the inputs of a score', () => {
      describeInputs(begun)
    })
    describe('another yardstick', () => {
      describeYardsticks(begun)
    })
    describe('a score of the past', () => {
      describePastScores(begun)
    })
  })
})

describe('the daily run', () => {
  describeDailyScore()
})
