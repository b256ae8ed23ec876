import { topicList } from '@banso/contracts'
import { EmbeddedEventLog } from '@banso/messaging'
import pg from 'pg'
import { createMigratedDatabase, type TestDatabase } from './database.ts'

const prepare = async (url: string): Promise<void> => {
  const log = new EmbeddedEventLog({ url })
  await log.ensureTopics(topicList)
  await log.close()
  const client = new pg.Client(url)
  await client.connect()
  await client.query('DELETE FROM log_identity') // each clone gives itself one at its first use
  await client.end()
}

/** A database for an embedded log of its own, which has all topics and no records. */
export const createLogDatabase = (): Promise<TestDatabase> => createMigratedDatabase('log', prepare)
