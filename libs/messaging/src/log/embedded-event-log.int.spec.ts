import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe } from '@jest/globals'
import { EmbeddedEventLog } from './embedded/embedded-event-log.ts'
import { describeEmbeddedRecovery } from './embedded/embedded-recovery.suite.ts'
import { describeEventLog } from './event-log.suite.ts'

let databases: TestDatabase[] = []

const clientOf = (place: number): EmbeddedEventLog => {
  const database = databases[place]
  if (!database) throw new Error('the databases are made before the tests')
  return new EmbeddedEventLog({ url: database.url })
}

describe('the embedded log', () => {
  beforeAll(async () => {
    databases = [await createDatabase(), await createDatabase()]
  })
  afterAll(() => Promise.all(databases.map((database) => database.drop())))

  describeEventLog({ open: () => clientOf(0), openAnother: async () => clientOf(1) })
})

describeEmbeddedRecovery()
