import { createDatabase } from '@banso/testing'
import { describe } from '@jest/globals'
import { describeEventService } from './event-service.suite.ts'

describe('an event service over the embedded log', () => {
  describeEventService(async () => {
    const database = await createDatabase()
    return { settings: { databaseUrl: database.url }, close: () => database.drop() }
  })
})
