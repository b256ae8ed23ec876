import { topics } from '@banso/contracts'
import { createLogDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { track } from './track-call.ts'

export const describeRoles = (): void => {
  describe('the role of a process of ingestion', () => {
    let log: TestDatabase
    let ingestion: IngestionUnderTest

    beforeAll(async () => {
      log = await createLogDatabase()
      const role = { INGESTION_ROLE: 'capture' }
      ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url, ...role } })
    }, 60_000)
    afterAll(async () => {
      await ingestion?.stop()
      await log?.drop()
    })

    const consumed = async () =>
      (await ingestion.text('/metrics')).match(/banso_consumer_lag_records\{[^}]*ingestion-sorter/g) ?? []

    it('takes and sorts nothing as capture; sorts what others took as the sorter', async () => {
      const { writeKey } = await ingestion.source('app')
      expect((await ingestion.batch(writeKey, [track('m1')])).status).toBe(200)
      expect(await ingestion.records(topics.received.name)).toHaveLength(1)
      expect(await consumed()).toEqual([])
      expect(await ingestion.records(topics.usageEvents.name)).toHaveLength(0)
      await ingestion.restart({ INGESTION_ROLE: 'sorter' })
      await eventually(async () => expect(await ingestion.records(topics.usageEvents.name)).toHaveLength(1))
      await eventually(async () => expect(await consumed()).not.toEqual([]))
    })
  })
}
