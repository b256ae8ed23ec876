import { createLogDatabase, metricFaults, operatorReads, operatorWrites, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { describeSorterStore } from './sorter-store.suite.ts'
import { describeSources } from './sources.suite.ts'
import { track, trackOfNobody } from './track-call.ts'

export const describeOperating = (): void => {
  describe('operating ingestion', () => {
    let log: TestDatabase
    let ingestion: IngestionUnderTest

    beforeAll(async () => {
      log = await createLogDatabase()
      ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url } })
    })
    afterAll(async () => {
      await ingestion?.stop()
      await log?.drop()
    })

    it('wants the token', async () => {
      expect(await ingestion.api('GET', '/v1/sources', undefined, 'another-token')).toMatchObject({ status: 401 })
      expect(await ingestion.api('GET', '/v1/quarantine', undefined, 'another-token')).toMatchObject({ status: 401 })
    })

    describeSources(() => ingestion)

    it('shows receipts, and says when there is none', async () => {
      const { writeKey } = await ingestion.key('a')
      await ingestion.batch(writeKey, [track('id/with äöü')])
      expect(await ingestion.receipt('a', 'id/with äöü')).toMatchObject({
        source: 'a',
        messageId: 'id/with äöü',
        state: 'accepted',
        repeats: 0,
        seenOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      })
      expect(await ingestion.api('GET', '/v1/sources/a/receipts/none')).toMatchObject({
        status: 404,
        body: { code: 'RECEIPT_NOT_FOUND' },
      })
    })

    it('says what it counts', async () => {
      const { writeKey } = await ingestion.key('a')
      await ingestion.batch(writeKey, [track('counted'), track('x', { userId: 1 })])
      await ingestion.receipt('a', 'counted')
      const shown = await ingestion.text('/metrics')
      expect(metricFaults(shown)).toEqual([])
      const lines = shown.split('\n')
      const counted = (name: string, ...labels: string[]) =>
        lines.some((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      expect([
        counted('banso_ingestion_received_events_total', 'result="accepted"'),
        counted('banso_ingestion_received_events_total', 'result="rejected"', 'code="FIELD_INVALID"'),
        counted('banso_ingestion_sorted_events_total', 'state="accepted"'),
        counted('banso_ingestion_append_seconds_count'),
        counted('banso_consumer_lag_records', 'group="ingestion-sorter"'),
        counted('banso_chunk_seconds_count', 'group="ingestion-sorter"'),
        counted('banso_ingestion_quarantined_events', '} 0'),
        counted('http_request_duration_seconds_count', 'route="/v1/:call"'),
        counted('banso_consumer_alive_timestamp_seconds', 'group="ingestion-sorter"'),
        counted('banso_ready', 'check="sorter"', '} 1'),
      ]).toEqual(Array(10).fill(true))
    })

    describeSorterStore(() => ingestion)

    it('answers as its document says', async () => {
      const { writeKey } = await ingestion.source('read')
      await ingestion.batch(writeKey, [track('read'), trackOfNobody('held-to-read')])
      for (const id of ['read', 'held-to-read']) await ingestion.receipt('read', id)
      const sources = ['/v1/sources', '/v1/sources/read', '/v1/sources/read/keys', '/v1/sources/read/receipts/read']
      for (const path of [...operatorReads, ...sources, '/v1/quarantine'])
        expect((await ingestion.api('GET', path)).status).toBe(200)
      const redriven = await ingestion.api('POST', '/v1/quarantine/redrive', { all: true })
      expect(redriven).toMatchObject({ status: 200 })
      for (const write of operatorWrites) expect((await ingestion.api(...write)).status).toBe(200)
      expect(ingestion.documented.api.unseen).toEqual(['POST /v1/operations/rebuild']) // refused: it has nothing to rebuild
    })
  })
}
