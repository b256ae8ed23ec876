import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startHealth } from './health-under-test.ts'
import { describeHealth, START } from './health.suite.ts'

describe('health over the embedded log', () => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createDatabase()
  })
  afterAll(() => log?.drop())

  describeHealth(() => startHealth({ BANSO_LOG_DATABASE_URL: log.url }, START))
})
