import { HEADER } from '@banso/contracts'
import { accountScored, bandChanged } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { recordBytes } from '../log/record-size.ts'
import { OutboxStore } from './outbox-store.ts'
import { RelayLease } from './relay-lease.ts'

let fixture: ServiceFixture
let service: TestProcess
let store: OutboxStore
let lease: RelayLease

const oldest = () => store.oldest('health', lease.holder)

const publish = (events: number, padding = 0) =>
  service.transactions.run([], async (work) => {
    for (let n = 0; n < events; n += 1) {
      work.publish(accountScored({ scorecard: { name: 'x'.repeat(padding), version: 1 } }))
    }
  })

export const describeOutboxStore = (): void => {
  describe('OutboxStore', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
      store = new OutboxStore(service.dataSource)
      lease = new RelayLease(service.dataSource, 'health', 60_000)
      await lease.hold()
    })
    afterEach(() => fixture.close())

    it('reads a row as its record, with writer and sequence', async () => {
      const event = bandChanged()
      await service.transactions.run([], async (work) => work.publish(event))
      const [first] = (await oldest()).records
      expect(first?.record).toMatchObject({ topic: event.topic, key: event.key })
      expect(first?.record.headers).toMatchObject({
        [HEADER.id]: event.id,
        [HEADER.writer]: 'outbox/health/1',
        [HEADER.sequence]: first?.id,
      })
      expect(JSON.parse(first?.record.value.toString() ?? '')).toEqual(event.data)
    })

    it('reads at most 1,000 rows, the oldest, in order', async () => {
      // Short rows: the schema's smallest data would fill the bytes first.
      await service.dataSource.query(
        `INSERT INTO outbox (event_id, writer, topic, partition, key, value, headers)
       SELECT gen_random_uuid(), 'outbox/health/1', 'health.scores.v1', 0, 'a', '', '{}' FROM generate_series(1, 1500)`,
      )
      const { records, hasMore } = await oldest()
      expect(hasMore).toBe(true)
      const ids = records.map(({ id }) => Number(id))
      expect(ids).toEqual(Array.from({ length: 1_000 }, (_, at) => at + 1))
    })

    it('reads no more than one round of an append holds', async () => {
      await publish(40, 20_000)
      const { records, hasMore } = await oldest()
      expect(hasMore).toBe(true)
      const bytes = records.reduce((sum, { record }) => sum + recordBytes(record), 0)
      expect(bytes).toBeLessThanOrEqual(440_000)
      expect(bytes).toBeGreaterThan(400_000)
    })

    it('reads one row however large', async () => {
      await service.dataSource.query(
        `INSERT INTO outbox (event_id, writer, topic, partition, key, value, headers)
       SELECT gen_random_uuid(), 'outbox/health/1', 'health.scores.v1', 0, 'a', convert_to(repeat('x', 500000), 'UTF8'), '{}'
       FROM generate_series(1, 2)`,
      )
      expect(await oldest()).toMatchObject({ records: [{ id: '1' }], hasMore: true })
    })

    it('gives nothing to one that does not hold the lease', async () => {
      await publish(1)
      expect(await store.oldest('health', randomUUID())).toEqual({ records: [], hasMore: false })
      await lease.release()
      expect(await oldest()).toEqual({ records: [], hasMore: false })
    })

    it('deletes what it is told, nothing else', async () => {
      await publish(3)
      const { records, hasMore } = await oldest()
      expect(hasMore).toBe(false)
      const [, second] = records
      if (!second) throw new Error('no second row')
      await store.delete([second.id])
      await store.delete([])
      expect((await oldest()).records.map(({ id }) => id)).toEqual(['1', '3'])
    })

    it('tells how much waits and for how long', async () => {
      expect(await store.backlog()).toEqual({ rows: 0, oldestSeconds: 0 })
      await publish(2)
      await service.dataSource.query(`UPDATE outbox SET created_at = created_at - interval '90 seconds' WHERE id = 1`)
      const { rows, oldestSeconds } = await store.backlog()
      expect(rows).toBe(2)
      expect(oldestSeconds).toBeGreaterThanOrEqual(90)
      expect(oldestSeconds).toBeLessThan(120)
    })
  })
}
