import { SystemClock } from '@banso/platform'
import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { DataSource } from 'typeorm'
import { EmbeddedEventLog } from '../log/embedded/embedded-event-log.ts'
import { checkUp } from './checkup.ts'

let database: TestDatabase
let dataSource: DataSource
let log: EmbeddedEventLog

const checkup = () => checkUp({ service: 'health', dataSource, log, clock: new SystemClock() })

export const describeCheckup = (): void => {
  describe('a checkup', () => {
    beforeAll(async () => {
      database = await createDatabase()
      dataSource = await new DataSource({ type: 'postgres', url: database.url }).initialize()
      log = new EmbeddedEventLog({ url: new URL('/no_such_database', database.url).href })
    })
    afterAll(async () => {
      await log.close()
      await dataSource.destroy()
      await database.drop()
    })

    it('says why the log does not answer, and tells of the database all the same', async () => {
      expect(await checkup()).toMatchObject({
        database: { migrations: { pending: [], unknown: [] } },
        log: { fault: '3D000: database "no_such_database" does not exist' },
      })
    })

    it('says why the database does not answer', async () => {
      await dataSource.destroy()
      const { database: found } = await checkup()
      await dataSource.initialize()
      expect(found).toEqual({ fault: expect.any(String) })
    })
  })
}
