import { bandChanged, eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import type { NewTimer, Transactions } from '../work.ts'
import type { Timers, TimersOptions } from './timers.ts'

const LEASE_MS = 300

let fixture: ServiceFixture
let service: TestProcess

const timersOf = (process: TestProcess, options: Partial<TimersOptions> = {}): Timers =>
  fixture.timers(process, { leaseMs: LEASE_MS, ...options })

const schedule = (ids: readonly string[], overrides: Partial<NewTimer> = {}): Promise<void> =>
  service.transactions.run([], async (work) => {
    for (const id of ids) work.schedule({ id, key: 'a1', kind: 'send', dueAt: work.now, payload: id, ...overrides })
  })

const rows = () =>
  service.dataSource.query<{ id: string; attempts: number; failures: number; token: string | null }[]>(
    'SELECT id, attempts, failures, token FROM timer ORDER BY id',
  )

export const describeTimerFaults = (): void => {
  describe('Timers in trouble', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('two workers fire each timer once', async () => {
      const fired: string[] = []
      for (const process of [service, await fixture.process()]) {
        const timers = timersOf(process, { leaseMs: 60_000 })
        timers.register({
          kind: 'send',
          concurrency: 8,
          perform: async ({ id }) => void fired.push(id),
          settle: async () => 'fired',
        })
        timers.start()
      }
      const ids = Array.from({ length: 150 }, (_, at) => `t/${at}`)
      await schedule(ids)
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(fired.toSorted()).toEqual(ids.toSorted())
    })

    it('a crash between effect and settlement performs the effect again, and settles once', async () => {
      const performed: string[] = []
      const crashed = Promise.withResolvers<void>()
      const never = Promise.withResolvers<void>()
      // The process dies here: nothing of it reaches the database any more.
      const dead: Transactions = {
        run: async () => {
          crashed.resolve()
          await never.promise
          throw new Error('dead')
        },
      }
      const dying = timersOf(service, { transactions: dead, graceMs: 0 })
      dying.register({
        kind: 'send',
        perform: async ({ id }) => void performed.push(`dying ${id}`),
        settle: async () => 'fired',
      })
      dying.start()
      await schedule(['t1'])
      await crashed.promise
      const stopped = dying.stop() // and with it the renewal of its lease
      const event = bandChanged()
      const next = timersOf(await fixture.process())
      next.register({
        kind: 'send',
        perform: async ({ id, attempts }) => {
          performed.push(`next ${id}`)
          return attempts
        },
        settle: async (_, attempts: number, work) => {
          expect(attempts).toBe(2)
          work.publish(event)
          return 'fired'
        },
      })
      next.start()
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(performed).toEqual(['dying t1', 'next t1'])
      expect(await service.dataSource.query('SELECT event_id AS id FROM outbox')).toEqual([{ id: event.id }])
      never.resolve()
      await stopped
    })

    it('a long effect keeps its lease', async () => {
      const performed: string[] = []
      const leaseMs = 1_500 // renewed in time on a slow machine, too
      for (const [at, process] of [service, await fixture.process()].entries()) {
        const timers = timersOf(process, { leaseMs })
        timers.register({
          kind: 'send',
          perform: async (_, signal) => {
            performed.push(`worker ${at}`)
            await sleep(leaseMs * 2)
            if (signal.aborted) performed.push('aborted')
          },
          settle: async () => 'fired',
        })
        timers.start()
      }
      await schedule(['t1'])
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(performed).toHaveLength(1)
    })

    it.each(['cancelled', 'replaced'] as const)(
      'a timer %s during its effect is aborted and not settled',
      async (how) => {
        const entered = Promise.withResolvers<void>()
        const aborted = Promise.withResolvers<void>()
        const settled: unknown[] = []
        const timers = timersOf(service)
        timers.register({
          kind: 'send',
          perform: async ({ payload }, signal) => {
            if (payload !== 't1') return
            signal.addEventListener('abort', () => aborted.resolve())
            entered.resolve()
            await aborted.promise
          },
          settle: async ({ payload }) => {
            settled.push(payload)
            return 'fired'
          },
        })
        timers.start()
        await schedule(['t1'])
        await entered.promise
        if (how === 'replaced') await schedule(['t1'], { payload: 'new' })
        else await service.transactions.run([], async (work) => work.cancelTimer('t1'))
        await aborted.promise
        await schedule(['mark'])
        await eventually(async () => expect(await rows()).toHaveLength(0))
        expect(settled).toEqual(how === 'replaced' ? ['new', 'mark'] : ['mark'])
      },
    )

    it('tries again after 1 s, doubling to 1 min, for ever, by the clock', async () => {
      let performed = 0
      const timers = timersOf(service)
      timers.register({
        kind: 'send',
        perform: async () => {
          performed += 1
          if (performed <= 9) throw new Error('away')
        },
        settle: async () => 'fired',
      })
      timers.start()
      await schedule(['t1'])
      for (const [failures, pauseS] of [1, 2, 4, 8, 16, 32, 60, 60, 60].entries()) {
        await eventually(async () => expect(await rows()).toMatchObject([{ failures: failures + 1, token: null }]))
        const [row] = await service.dataSource.query<{ pause: number }[]>(
          'SELECT extract(epoch FROM next_at - $1::timestamptz)::float8 AS pause FROM timer',
          [fixture.clock.now().toISOString()],
        )
        expect(row?.pause).toBe(pauseS)
        fixture.clock.advance(pauseS * 1_000)
      }
      await eventually(async () => expect(await rows()).toHaveLength(0))
      expect(performed).toBe(10)
    })

    it('a stop waits for an effect under way', async () => {
      const entered = Promise.withResolvers<void>()
      const leave = Promise.withResolvers<void>()
      const timers = timersOf(service)
      timers.register({
        kind: 'send',
        perform: async () => {
          entered.resolve()
          await leave.promise
        },
        settle: async () => 'fired',
      })
      timers.start()
      await schedule(['t1', 't2'])
      await entered.promise
      const stopping = timers.stop()
      leave.resolve()
      await stopping
      expect(await rows()).toEqual([{ id: 't2', attempts: 0, failures: 0, token: null }])
    })

    it('a stop aborts what takes too long, and the next process has it at once', async () => {
      const entered = Promise.withResolvers<void>()
      const timers = timersOf(service, { graceMs: 50, leaseMs: 60_000 })
      timers.register({
        kind: 'send',
        perform: async (_, signal) => {
          entered.resolve()
          await sleep(60_000, undefined, { signal })
        },
        settle: async () => 'fired',
      })
      timers.start()
      await schedule(['t1'])
      await entered.promise
      await timers.stop()
      expect(await rows()).toEqual([{ id: 't1', attempts: 1, failures: 0, token: null }])
    })

    it('goes on when the database was away', async () => {
      let away = true
      const timers = timersOf(service, {
        transactions: {
          run: async (keys, run) => {
            if (away) throw new Error('the database is away')
            return service.transactions.run(keys, run)
          },
        },
      })
      timers.register({ kind: 'send', settle: async () => 'fired' })
      timers.start()
      await schedule(['t1'])
      await eventually(async () => expect(await rows()).toMatchObject([{ failures: 1 }]))
      away = false
      fixture.clock.advance(1_000)
      await eventually(async () => expect(await rows()).toHaveLength(0))
    })

    it('gives back what failed while the database was away as soon as that is back, long before its lease runs out', async () => {
      const away = Promise.withResolvers<void>()
      const timers = timersOf(service, { leaseMs: 60_000 })
      timers.register({
        kind: 'send',
        perform: async () => {
          await service.dataSource.query('ALTER TABLE timer RENAME COLUMN failures TO away')
          setTimeout(away.resolve, 100)
          throw new Error('away')
        },
        settle: async () => 'fired',
      })
      timers.start()
      await schedule(['t1'])
      await away.promise
      await service.dataSource.query('ALTER TABLE timer RENAME COLUMN away TO failures')
      await eventually(async () => expect(await rows()).toMatchObject([{ failures: 1, token: null }]))
    })
  })
}
