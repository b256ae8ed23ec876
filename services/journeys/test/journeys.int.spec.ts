import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { JourneysUnderTest } from './journeys-under-test.ts'
import { describeJourneys, START } from './journeys.suite.ts'

describe('journeys over the embedded log', () => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createDatabase()
  })
  afterAll(() => log?.drop())

  describeJourneys(() => JourneysUnderTest.start({ BANSO_LOG_DATABASE_URL: log.url }, START))
})
