import { bandChanged } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import type { Work } from '../work.ts'

let fixture: ServiceFixture
let service: TestProcess

const visits = async (id: string): Promise<number | undefined> => {
  const rows = await service.dataSource.query<{ visits: number }[]>('SELECT visits FROM account WHERE id = $1', [id])
  return rows[0]?.visits
}

const visit = (work: Work, id: string): Promise<unknown> =>
  work.tx.query('UPDATE account SET visits = visits + 1 WHERE id = $1', [id])

const conflict = (work: Work): Promise<unknown> => work.tx.query(`DO $$ BEGIN RAISE serialization_failure; END $$`)

export const describeDatabaseTransactions = (): void => {
  describe('DatabaseTransactions', () => {
    beforeAll(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterAll(() => fixture.close())

    it('locks the keys, each once, before it runs', async () => {
      await service.transactions.run(['b', 'a', 'b'], async (work) => {
        const free = await service.dataSource.query<unknown[]>(
          'SELECT FROM account WHERE id = ANY($1) FOR UPDATE SKIP LOCKED',
          [['a', 'b']],
        )
        expect(free).toHaveLength(0)
        await visit(work, 'a')
      })
      expect(await visits('a')).toBe(1)
    })

    it('gives back what the function returns, with its events written', async () => {
      const event = bandChanged()
      const result = await service.transactions.run([], async (work) => {
        work.publish(event)
        return 'published'
      })
      expect(result).toBe('published')
      expect(await service.dataSource.query('SELECT FROM outbox WHERE event_id = $1', [event.id])).toHaveLength(1)
    })

    it('writes nothing at all when the function fails', async () => {
      const event = bandChanged()
      const failing = service.transactions.run(['c'], async (work) => {
        await visit(work, 'c')
        work.publish(event)
        throw new Error('changed my mind')
      })
      await expect(failing).rejects.toThrow('changed my mind')
      expect(await visits('c')).toBeUndefined()
      expect(await service.dataSource.query('SELECT FROM outbox WHERE event_id = $1', [event.id])).toHaveLength(0)
    })

    it('runs again after a real deadlock, and both come through once', async () => {
      const bothHold = Promise.withResolvers<void>()
      let holding = 0
      const crossing = (first: string, second: string) =>
        service.transactions.run([], async (work) => {
          await visit(work, first)
          holding += 1
          if (holding === 2) bothHold.resolve()
          await bothHold.promise
          await visit(work, second)
        })
      await service.transactions.run(['x', 'y'], async () => undefined)
      await Promise.all([crossing('x', 'y'), crossing('y', 'x')])
      expect(holding).toBe(3)
      expect([await visits('x'), await visits('y')]).toEqual([2, 2])
    })

    it('gives up after three repetitions', async () => {
      let runs = 0
      const failing = service.transactions.run([], async (work) => {
        runs += 1
        await conflict(work)
      })
      await expect(failing).rejects.toMatchObject({ code: '40001' })
      expect(runs).toBe(4)
    })

    it('does not repeat what fails otherwise', async () => {
      let runs = 0
      const failing = service.transactions.run([], async (work) => {
        runs += 1
        await work.tx.query('SELECT 1 / 0')
      })
      await expect(failing).rejects.toMatchObject({ code: '22012' })
      expect(runs).toBe(1)
    })
  })
}
