import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { BufferedWork } from './buffered-work.ts'
import { RelayLease } from './relay-lease.ts'

let fixture: ServiceFixture
let service: TestProcess

const leaseOf = (leaseMs: number) => new RelayLease(service.dataSource, 'health', leaseMs)

const publish = async (events = 1): Promise<void> =>
  service.transactions.run([], async (work) => {
    for (let n = 0; n < events; n += 1) work.publish(bandChanged({ accountId: randomUUID() }))
  })

const writers = async (): Promise<string[]> => {
  const rows = await service.dataSource.query<{ writer: string }[]>('SELECT writer FROM outbox ORDER BY id')
  return rows.map(({ writer }) => writer)
}

export const describeRelayLease = (): void => {
  describe('the lease of the relay', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    describe('RelayLease', () => {
      it('is held by one at a time, and again by its holder', async () => {
        const [first, second] = [leaseOf(60_000), leaseOf(60_000)]
        expect(await first.hold()).toMatchObject({ generation: 1 })
        expect(await second.hold()).toBeUndefined()
        expect(await first.hold()).toMatchObject({ generation: 1 })
        await first.release()
        expect(await first.renewed({ now: false })).toMatchObject({ generation: 1 })
        await first.release()
        expect(await second.hold()).toMatchObject({ generation: 1 })
      })

      it('falls to another when it is not renewed', async () => {
        const [dead, next] = [leaseOf(100), leaseOf(60_000)]
        await dead.hold()
        await eventually(async () => expect(await next.hold()).toMatchObject({ generation: 1 }))
        expect(await dead.hold()).toBeUndefined()
      })

      it('falls to another at once when its process is gone', async () => {
        const [dying, living] = [fixture.presence(), fixture.presence()]
        const held = new RelayLease(service.dataSource, 'health', 60_000, dying)
        const next = new RelayLease(service.dataSource, 'health', 60_000, living)
        expect(await held.hold()).toMatchObject({ generation: 1 })
        expect(await next.hold()).toBeUndefined()
        await held.verified()
        await publish(2)
        await dying.close()
        await eventually(async () => expect(await next.hold()).toEqual({ generation: 1, unverifiedFrom: 2 }))
        expect(await held.hold()).toBeUndefined()
      })

      it('stays with a process that must take another name, because its connection before does not end', async () => {
        const presence = fixture.presence()
        const held = new RelayLease(service.dataSource, 'health', 60_000, presence)
        expect(await held.hold()).toMatchObject({ generation: 1 })
        await held.verified()
        const [before, name] = [await presence.session(), held.holder]
        const runner = service.dataSource.createQueryRunner()
        try {
          const keeps = runner.query(
            `SELECT pg_advisory_lock(classid::int, objid::int) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1`,
            [before.number],
          )
          await eventually(async () =>
            expect(
              await service.dataSource.query('SELECT FROM pg_locks WHERE objid = $1 AND NOT granted', [before.number]),
            ).toHaveLength(1),
          )
          await eventually(async () => {
            before.close()
            await presence.session().catch(() => undefined)
            expect(await held.hold()).toMatchObject({ generation: 1 })
            expect(held.holder).not.toBe(name)
          })
          await keeps
          await held.release()
          expect(await leaseOf(60_000).hold()).toMatchObject({ generation: 1 })
        } finally {
          await runner.query('SELECT pg_advisory_unlock_all()')
          await runner.release()
        }
      })

      it('asks the database only when a third of it is over, or when told', async () => {
        const [holder, thief] = [leaseOf(60_000), leaseOf(60_000)]
        await holder.hold()
        await service.dataSource.query('UPDATE outbox_relay SET lease_until = NULL')
        await thief.hold()
        expect(await holder.renewed({ now: false })).toMatchObject({ generation: 1 })
        expect(await holder.renewed({ now: true })).toBeUndefined()
      })

      it('notes the last id given out when it changes hands, until that is compared with the log', async () => {
        const [first, second] = [leaseOf(60_000), leaseOf(60_000)]
        expect(await first.hold()).toEqual({ generation: 1, unverifiedFrom: 0 })
        await publish(3)
        expect(await first.hold()).toEqual({ generation: 1, unverifiedFrom: 0 })
        await first.verified()
        expect(await first.renewed({ now: false })).toEqual({ generation: 1, unverifiedFrom: null })
        await first.release()
        expect(await second.hold()).toEqual({ generation: 1, unverifiedFrom: 3 })
      })
    })

    describe('a new generation', () => {
      it('is that of every row written since the holder came; earlier rows keep theirs', async () => {
        const lease = leaseOf(60_000)
        await publish(2)
        await lease.hold()
        await publish(1)
        expect(await lease.startGeneration(4)).toBe(4)
        await publish(1)
        const [old, raised] = ['outbox/health/1', 'outbox/health/4']
        expect(await writers()).toEqual([old, old, raised, raised])
        expect(await lease.hold()).toEqual({ generation: 4, unverifiedFrom: null })
      })

      it('is higher than the present one in any case', async () => {
        const lease = leaseOf(60_000)
        await lease.hold()
        expect(await lease.startGeneration(7)).toBe(7)
        expect(await lease.startGeneration(1)).toBe(8)
      })

      it('waits for a writer under way, so that none keeps the old one unseen', async () => {
        const lease = leaseOf(60_000)
        await lease.hold()
        const slow = service.dataSource.createQueryRunner()
        await slow.startTransaction()
        const work = new BufferedWork(slow.manager, service.context)
        work.publish(bandChanged())
        await work.flush()
        const raising = lease.startGeneration(2)
        await eventually(async () => {
          const waiting = await service.dataSource.query<unknown[]>('SELECT FROM pg_locks WHERE NOT granted')
          expect(waiting).toHaveLength(1)
        })
        await slow.commitTransaction()
        await slow.release()
        await raising
        expect(await writers()).toEqual(['outbox/health/2'])
      })

      it('is that of a writer that had to wait for the change', async () => {
        const lease = leaseOf(60_000)
        await lease.hold()
        await publish(1) // so that the statements of every connection are the same as later
        const blocker = service.dataSource.createQueryRunner()
        await blocker.startTransaction()
        await blocker.query('LOCK TABLE outbox IN SHARE ROW EXCLUSIVE MODE')
        const publishing = publish(1)
        await eventually(async () => {
          const waiting = await service.dataSource.query<unknown[]>('SELECT FROM pg_locks WHERE NOT granted')
          expect(waiting).toHaveLength(1)
        })
        await blocker.query('UPDATE outbox_relay SET generation = 2')
        await blocker.commitTransaction()
        await blocker.release()
        await publishing
        expect(await writers()).toEqual(['outbox/health/1', 'outbox/health/2'])
      })
    })
  })
}
