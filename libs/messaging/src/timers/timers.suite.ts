import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import type { NewTimer } from '../work.ts'
import type { Timer, TimerHandler, TimerResult } from './timer-handler.ts'

const MINUTE_MS = 60_000

let fixture: ServiceFixture
let service: TestProcess

const timer = (id: string, overrides: Partial<NewTimer> = {}): NewTimer => ({
  id,
  key: 'a1',
  kind: 'check',
  dueAt: fixture.clock.now(),
  payload: { step: 1 },
  ...overrides,
})

const many = (kind: string): NewTimer[] => Array.from({ length: 10 }, (_, at) => timer(`${kind}/${at}`, { kind }))

const schedule = (...timers: NewTimer[]): Promise<void> =>
  service.transactions.run([], async (work) => {
    for (const one of timers) work.schedule(one)
  })

const rows = () =>
  service.dataSource.query<{ id: string; dueAt: Date; token: string | null }[]>(
    'SELECT id, due_at AS "dueAt", token FROM timer ORDER BY id',
  )

/** Notes what fires; answers what `result` says. */
const noting = (fired: Timer[], result: (timer: Timer) => TimerResult = () => 'fired'): TimerHandler => ({
  kind: 'check',
  settle: async (one) => {
    fired.push(one)
    return result(one)
  },
})

export const describeTimers = (): void => {
  describe('Timers', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('fire what is due, once, and forget it', async () => {
      const fired: Timer[] = []
      const timers = fixture.timers(service)
      timers.register(noting(fired))
      timers.start()
      await schedule(timer('t1'), timer('t2', { dueAt: new Date(fixture.clock.now().getTime() - MINUTE_MS) }))
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(fired.map(({ id }) => id)).toEqual(['t2', 't1'])
      expect(fired[1]).toMatchObject({ key: 'a1', payload: { step: 1 }, dueAt: fixture.clock.now(), attempts: 1 })
    })

    it('follow the clock, not the time of the database', async () => {
      const fired: Timer[] = []
      const timers = fixture.timers(service)
      timers.register(noting(fired))
      timers.start()
      await schedule(timer('year', { dueAt: new Date('2031-01-15T09:00:00.000Z') }), timer('mark'))
      await eventually(() => expect(fired.map(({ id }) => id)).toEqual(['mark']))
      fixture.clock.set('2031-01-15T09:00:00.000Z')
      await eventually(() => expect(fired.map(({ id }) => id)).toEqual(['mark', 'year']))
    })

    it('survive a restart', async () => {
      const fired: Timer[] = []
      const first = fixture.timers(service)
      first.register(noting(fired))
      first.start()
      await schedule(timer('t1', { dueAt: new Date(fixture.clock.now().getTime() + MINUTE_MS) }))
      await first.stop()
      fixture.clock.advance(MINUTE_MS)
      const second = fixture.timers(await fixture.process())
      second.register(noting(fired))
      second.start()
      await eventually(() => expect(fired.map(({ id }) => id)).toEqual(['t1']))
    })

    it('fire again when the handler says so', async () => {
      const fired: Timer[] = []
      const timers = fixture.timers(service)
      const again = new Date(fixture.clock.now().getTime() + MINUTE_MS)
      timers.register(noting(fired, ({ attempts }) => (attempts < 2 ? { again, payload: { step: 2 } } : 'fired')))
      timers.start()
      await schedule(timer('t1'))
      await eventually(async () => expect(await rows()).toEqual([{ id: 't1', dueAt: again, token: null }]))
      fixture.clock.set(again)
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(fired.map(({ payload }) => payload)).toEqual([{ step: 1 }, { step: 2 }])
    })

    it('do not fire when cancelled or moved in time', async () => {
      const fired: Timer[] = []
      const timers = fixture.timers(service)
      timers.register(noting(fired))
      const soon = new Date(fixture.clock.now().getTime() + 1_000)
      await schedule(timer('gone', { dueAt: soon }), timer('moved', { dueAt: soon }))
      const moved = new Date(soon.getTime() + MINUTE_MS)
      await service.transactions.run([], async (work) => {
        work.cancelTimer('gone')
        work.schedule(timer('moved', { dueAt: moved }))
      })
      timers.start()
      fixture.clock.set(soon)
      await schedule(timer('mark'))
      await eventually(() => expect(fired.map(({ id }) => id)).toEqual(['mark']))
      const left = { id: 'moved', dueAt: moved, token: null }
      await eventually(async () => expect(await rows()).toEqual([left])) // what fires is committed after it has said so
    })

    it('settle in one transaction with rows, events and timers, under the lock of the account', async () => {
      const timers = fixture.timers(service)
      const event = bandChanged()
      timers.register({
        kind: 'check',
        settle: async (one, _, work) => {
          await work.tx.query('UPDATE account SET visits = visits + 1 WHERE id = $1', [one.key])
          work.publish(event)
          work.schedule(timer('next', { dueAt: new Date(work.now.getTime() + MINUTE_MS) }))
          if (one.attempts === 1) throw new Error('at the last moment')
          const free = await service.dataSource.query<unknown[]>(
            'SELECT FROM account WHERE id = $1 FOR UPDATE SKIP LOCKED',
            [one.key],
          )
          if (free.length > 0) throw new Error('the account is not locked')
          return 'fired'
        },
      })
      timers.start()
      await schedule(timer('t1'))
      await eventually(async () =>
        expect(await service.dataSource.query('SELECT attempts, failures, token FROM timer')).toEqual([
          { attempts: 1, failures: 1, token: null },
        ]),
      )
      expect(await service.dataSource.query('SELECT FROM outbox')).toHaveLength(0)
      expect(await service.dataSource.query('SELECT FROM account')).toHaveLength(0)
      fixture.clock.advance(1_000)
      await eventually(async () => expect((await rows()).map(({ id }) => id)).toEqual(['next']))
      expect(await service.dataSource.query('SELECT event_id AS id FROM outbox')).toEqual([{ id: event.id }])
      expect(await service.dataSource.query('SELECT id, visits FROM account')).toEqual([{ id: 'a1', visits: 1 }])
    })

    it('keep a timer that its own handler sets again', async () => {
      const timers = fixture.timers(service)
      const later = new Date(fixture.clock.now().getTime() + MINUTE_MS)
      timers.register({
        kind: 'check',
        settle: async (one, _, work) => {
          work.schedule(timer(one.id, { dueAt: later }))
          return 'fired'
        },
      })
      timers.start()
      await schedule(timer('t1'))
      await eventually(async () => expect(await rows()).toEqual([{ id: 't1', dueAt: later, token: null }]))
    })

    it('claim no more than the handler takes at once, and let kinds go side by side', async () => {
      const leave = Promise.withResolvers<void>()
      const underWay = new Map<string, number>()
      const most = new Map<string, number>()
      const slow = (kind: string, concurrency?: number): TimerHandler => ({
        kind,
        ...(concurrency !== undefined && { concurrency }),
        perform: async () => {
          underWay.set(kind, (underWay.get(kind) ?? 0) + 1)
          most.set(kind, Math.max(most.get(kind) ?? 0, underWay.get(kind) ?? 0))
          await leave.promise
          underWay.set(kind, (underWay.get(kind) ?? 0) - 1)
        },
        settle: async () => 'fired',
      })
      const timers = fixture.timers(service)
      timers.register(slow('mail', 4))
      timers.register(slow('call'))
      timers.start()
      await schedule(...many('mail'), ...many('call'))
      await eventually(() => expect(Object.fromEntries(underWay)).toEqual({ mail: 4, call: 1 }))
      expect((await rows()).filter(({ token }) => token !== null)).toHaveLength(5)
      leave.resolve()
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(Object.fromEntries(most)).toEqual({ mail: 4, call: 1 })
    })

    it('leave alone what nobody registered for', async () => {
      const fired: Timer[] = []
      const timers = fixture.timers(service)
      timers.register(noting(fired))
      expect(() => timers.register(noting(fired))).toThrow(TypeError)
      timers.start()
      await schedule(timer('other', { kind: 'unknown' }), timer('t1'))
      await eventually(() => expect(fired.map(({ id }) => id)).toEqual(['t1']))
      await eventually(async () =>
        expect((await rows()).map(({ id, token }) => [id, token])).toEqual([['other', null]]),
      )
    })

    it('rest while paused', async () => {
      const fired: Timer[] = []
      const registry = new Registry()
      const timers = fixture.timers(service, { registry })
      timers.register(noting(fired))
      timers.start()
      await timers.pause()
      const other = fixture.timers(await fixture.process())
      other.register({ kind: 'mark', settle: async () => 'fired' })
      other.start()
      await schedule(timer('t1'), timer('mark', { kind: 'mark' }))
      await eventually(async () => expect((await rows()).map(({ id }) => id)).toEqual(['t1']))
      expect(fired).toHaveLength(0)
      timers.resume()
      await eventually(() => expect(fired).toHaveLength(1))
      await eventually(async () =>
        expect(await registry.metrics()).toContain('banso_timers_total{kind="check",outcome="fired"} 1'),
      )
    })
  })
}
