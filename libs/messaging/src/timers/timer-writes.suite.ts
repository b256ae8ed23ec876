import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import { deleteTimers, setTimers } from './timer-writes.ts'

let fixture: ServiceFixture
let service: TestProcess

const rows = () =>
  service.dataSource.query<{ id: string; payload: unknown; next: Date }[]>(
    'SELECT id, payload, next_at AS next FROM timer ORDER BY id',
  )

const dueAt = new Date('2026-01-16T09:00:00.000Z')
const timer = (id: string, payload: unknown) => ({ id, key: '', kind: 'check', dueAt, payload })

export const describeTimerWrites = (): void => {
  describe('setting and deleting timers', () => {
    beforeAll(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterAll(() => fixture.close())

    it('keeps any JSON as payload, and takes nothing for null', async () => {
      const payloads = [{ text: 'a "quoted", {braced} \\ 伴走' }, [1, null], 'text', 7, null, undefined]
      await setTimers(
        service.dataSource.manager,
        payloads.map((payload, at) => timer(`p/${at}`, payload)),
      )
      expect((await rows()).map(({ payload }) => payload)).toEqual([...payloads.slice(0, 5), null])
      expect((await rows()).every(({ next }) => next.getTime() === dueAt.getTime())).toBe(true)
    })

    it('replaces what exists, deletes what is named', async () => {
      await setTimers(service.dataSource.manager, [timer('p/0', 'new'), timer('p/9', 'other')])
      await deleteTimers(service.dataSource.manager, ['p/1', 'p/2', 'p/3', 'p/4', 'p/5', 'p/77'])
      expect((await rows()).map(({ id, payload }) => [id, payload])).toEqual([
        ['p/0', 'new'],
        ['p/9', 'other'],
      ])
    })

    it('does nothing for nothing', async () => {
      const before = await rows()
      await setTimers(service.dataSource.manager, [])
      await deleteTimers(service.dataSource.manager, [])
      expect(await rows()).toEqual(before)
    })
  })
}
