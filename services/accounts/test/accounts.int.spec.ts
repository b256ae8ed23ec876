import { createLogDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startAccounts } from './accounts-under-test.ts'
import { describeAccounts } from './accounts.suite.ts'

describe('accounts over the embedded log', () => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createLogDatabase()
  })
  afterAll(() => log?.drop())

  describeAccounts(() => startAccounts({ BANSO_LOG_DATABASE_URL: log.url }))
})
