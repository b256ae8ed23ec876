// One file: loading takes longer than most tests.
import { createLogDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startJourneys } from './journeys-under-test.ts'
import { describeJourneys, START } from './journeys.suite.ts'
import { describeMoves } from './moves.suite.ts'
import { describeOldBeginnings } from './old-beginnings.suite.ts'
import { describeRisk } from './risk.suite.ts'
import { describeVersions } from './versions.suite.ts'

describe('journeys over the embedded log', () => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createLogDatabase()
  })
  afterAll(() => log?.drop())

  describeJourneys(() => startJourneys({ BANSO_LOG_DATABASE_URL: log.url }, START))
})

describeMoves()
describeOldBeginnings()
describeRisk()
describeVersions()
