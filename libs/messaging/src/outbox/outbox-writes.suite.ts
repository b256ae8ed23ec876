import { bandChanged } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { insertOutbox } from './outbox-writes.ts'
import { toOutgoingRecord } from './outgoing-record.ts'

let fixture: ServiceFixture
let service: TestProcess

const recordsFor = (accounts: readonly string[]) =>
  accounts.map((accountId) => toOutgoingRecord('health', bandChanged({ accountId })))

export const describeOutboxWrites = (): void => {
  describe('insertOutbox', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('gives ids in the order of the records', async () => {
      const records = recordsFor(Array.from({ length: 500 }, () => randomUUID()))
      await service.dataSource.transaction((tx) => insertOutbox(tx, 'health', records))
      const rows = await service.dataSource.query<{ id: string }[]>(
        'SELECT event_id AS id FROM outbox ORDER BY outbox.id',
      )
      expect(rows.map(({ id }) => id)).toEqual(records.map(({ eventId }) => eventId))
    })

    it('keeps bytes and headers as they are', async () => {
      const [record] = recordsFor([randomUUID()])
      if (!record) throw new Error('no record')
      const headers = { ...record.headers, odd: 'a "quoted", {braced} \\ 伴走' }
      const value = Buffer.from([0, 1, 34, 92, 123, 125, 255])
      await service.dataSource.transaction((tx) => insertOutbox(tx, 'health', [{ ...record, headers, value }]))
      const rows = await service.dataSource.query<object[]>('SELECT value, headers, writer FROM outbox')
      expect(rows).toEqual([{ value, headers, writer: 'outbox/health/1' }])
    })

    it('takes partitions in one order, so that crossing writers never deadlock', async () => {
      const accounts = Array.from({ length: 40 }, () => randomUUID())
      const writers = Array.from({ length: 8 }, (_, at) => async () => {
        const records = recordsFor(at % 2 === 0 ? accounts : accounts.toReversed())
        await service.dataSource.transaction((tx) => insertOutbox(tx, 'health', records))
      })
      for (let round = 0; round < 5; round += 1) await Promise.all(writers.map((write) => write()))
      const [count] = await service.dataSource.query<{ rows: number }[]>('SELECT count(*)::int AS rows FROM outbox')
      expect(count?.rows).toBe(5 * 8 * 40)
    })
  })
}
