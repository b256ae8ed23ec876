import { createLogDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startJourneys } from './journeys-under-test.ts'
import { describeJourneys, START } from './journeys.suite.ts'

describe('journeys over the embedded log', () => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createLogDatabase()
  })
  afterAll(() => log?.drop())

  describeJourneys(() => startJourneys({ BANSO_LOG_DATABASE_URL: log.url }, START))
})
