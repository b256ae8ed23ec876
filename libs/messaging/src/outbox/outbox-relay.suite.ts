import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { Registry } from 'prom-client'
import { accountsOn, fenced, idsOf, ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { BufferedWork } from './buffered-work.ts'
import type { OutboxRelay, RelayOptions } from './outbox-relay.ts'

const CHANGES = 'health.changes.v1'

let fixture: ServiceFixture
let service: TestProcess

const startRelay = async (options: Partial<RelayOptions> = {}): Promise<OutboxRelay> => {
  const relay = await fixture.relay(service, options)
  await relay.start()
  return relay
}

const publishFor = async (accountId: string): Promise<string> => {
  const event = bandChanged({ accountId })
  await service.transactions.run([], async (work) => work.publish(event))
  return event.id
}

const rowsWaiting = async (): Promise<number> => {
  const [waiting] = await service.dataSource.query<{ rows: number }[]>('SELECT count(*)::int AS rows FROM outbox')
  return waiting?.rows ?? 0
}

export const describeOutboxRelay = (): void => {
  describe('OutboxRelay', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('appends what was committed, soon, and deletes it', async () => {
      const relay = await startRelay()
      await eventually(() => expect(relay.state).toBe('sending'))
      const id = await publishFor(randomUUID())
      await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual([id]))
      await eventually(async () => expect(await rowsWaiting()).toBe(0))
    })

    it('finds by itself what another process committed', async () => {
      await startRelay()
      const other = await fixture.process()
      const event = bandChanged()
      await other.transactions.run([], async (work) => work.publish(event))
      await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual([event.id]))
    })

    it('neither loses nor overtakes a row of a transaction that commits late', async () => {
      await startRelay()
      const [first = '', second = ''] = accountsOn(3, 2)
      const [elsewhere = ''] = accountsOn(4, 1)
      const slow = service.dataSource.createQueryRunner()
      await slow.startTransaction()
      const late = bandChanged({ accountId: first })
      const work = new BufferedWork(slow.manager, service.context)
      work.publish(late)
      await work.flush() // its id is the lowest, its commit comes last
      let committed = false
      const behind = publishFor(second).finally(() => (committed = true))
      const beside = await publishFor(elsewhere)
      await eventually(async () => expect(idsOf(await fixture.logged(CHANGES))).toEqual([beside]))
      await eventually(async () => expect(await rowsWaiting()).toBe(0))
      expect(committed).toBe(false) // waits for the partition's lock, so it cannot be sent before the late one
      await slow.commitTransaction()
      await slow.release()
      const ids = [late.id, await behind]
      await eventually(async () => {
        const records = await fixture.logged(CHANGES)
        expect(idsOf(records.filter(({ partition }) => partition === 3))).toEqual(ids)
      })
    })

    it('keeps the order of commits per partition under eight writers', async () => {
      const relay = await startRelay()
      const accounts = Array.from({ length: 24 }, () => randomUUID())
      const versions = new Map<string, string[]>(accounts.map((id) => [id, []]))
      const write = async (writer: number): Promise<void> => {
        for (let round = 0; round < 25; round += 1) {
          const keys = [0, 7, 13].map((step) => accounts[(writer * 3 + round * 5 + step) % accounts.length] ?? '')
          const events = keys.map((accountId) => bandChanged({ accountId }))
          // The account's row is locked to the commit: the list tells the order of the commits.
          await service.transactions.run(keys, async (work) => {
            for (const event of events) work.publish(event)
            for (const { key, id } of events) versions.get(key)?.push(id)
          })
        }
      }
      await Promise.all(Array.from({ length: 8 }, (_, writer) => write(writer)))
      await eventually(async () => expect(await rowsWaiting()).toBe(0))
      const records = await fixture.logged(CHANGES)
      expect(records).toHaveLength(8 * 25 * 3)
      expect(fenced(records)).toHaveLength(records.length) // sequences rise in every partition
      for (const [account, ids] of versions) expect(idsOf(records.filter(({ key }) => key === account))).toEqual(ids)
      expect(relay.state).toBe('sending')
    })

    it('finishes the append in flight when it stops, and starts again where it stood', async () => {
      const log = await fixture.log()
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      const slowLog: RelayOptions['log'] = {
        append: async (records) => {
          entered.resolve()
          await leave.promise
          await log.append(records)
        },
        positions: (topic) => log.positions(topic),
        read: (partition, from, limit) => log.read(partition, from, limit),
      }
      const relay = await startRelay({ log: slowLog })
      const first = await publishFor(randomUUID())
      await entered.promise
      const stopping = relay.stop()
      const second = await publishFor(randomUUID())
      leave.resolve()
      await stopping
      expect(relay.state).toBe('stopped')
      expect(idsOf(await fixture.logged(CHANGES))).toEqual([first])
      expect(await rowsWaiting()).toBe(1)
      await relay.start()
      await eventually(async () =>
        expect(idsOf(await fixture.logged(CHANGES)).toSorted()).toEqual([first, second].toSorted()),
      )
    })

    it('counts what it sent, and shows what waits', async () => {
      const registry = new Registry()
      const relay = await startRelay({ registry })
      await publishFor(randomUUID())
      await eventually(async () =>
        expect(await registry.metrics()).toContain('banso_outbox_sent_total{topic="health.changes.v1"} 1'),
      )
      await relay.stop()
      await publishFor(randomUUID())
      expect(await relay.backlog()).toMatchObject({ rows: 1 })
      const metrics = await registry.metrics()
      expect(metrics).toContain('banso_outbox_rows 1')
      expect(metrics).toMatch(/banso_outbox_oldest_age_seconds 0\.\d+/)
    })
  })
}
