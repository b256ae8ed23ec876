import { createLogDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { startHealth } from './health-under-test.ts'
import { describeHealth, START } from './health.suite.ts'
import { describePeople } from './people.suite.ts'

const overEmbeddedLog = (describeStory: (start: () => ReturnType<typeof startHealth>) => void): void => {
  let log: TestDatabase

  beforeAll(async () => {
    log = await createLogDatabase()
  })
  afterAll(() => log?.drop())

  describeStory(() => startHealth({ BANSO_LOG_DATABASE_URL: log.url }, START))
}

describe('health over the embedded log', () => {
  overEmbeddedLog(describeHealth)
})
describe('health for people', () => {
  overEmbeddedLog(describePeople)
})
