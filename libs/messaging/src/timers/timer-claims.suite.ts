import { eventually } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import type { NewTimer } from '../work.ts'
import { TimerClaims } from './timer-claims.ts'
import { deleteTimers, setTimers } from './timer-writes.ts'

const MINUTE_MS = 60_000

let fixture: ServiceFixture
let service: TestProcess
let claims: TimerClaims

const inMs = (ms: number): Date => new Date(fixture.clock.now().getTime() + ms)

const timer = (id: string, overrides: Partial<NewTimer> = {}): NewTimer => ({
  id,
  key: 'a1',
  kind: 'check',
  dueAt: fixture.clock.now(),
  payload: { step: 1 },
  ...overrides,
})

const set = (...timers: NewTimer[]): Promise<void> => setTimers(service.dataSource.manager, timers)

const claim = (kind = 'check', slots = 10) => claims.claim(new Map([[kind, slots]]), fixture.clock.now())

const claimOne = async () => {
  const [claimed] = await claim()
  if (!claimed) throw new Error('nothing was due')
  return claimed
}

export const describeTimerClaims = (): void => {
  describe('timers as they are claimed', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
      claims = new TimerClaims(service.dataSource, MINUTE_MS)
    })
    afterEach(() => fixture.close())

    describe('claiming', () => {
      it('gives what is due by the clock, as it was set', async () => {
        await set(timer('now'), timer('later', { dueAt: inMs(1) }))
        expect(await claim()).toEqual([
          expect.objectContaining({
            id: 'now',
            key: 'a1',
            kind: 'check',
            dueAt: fixture.clock.now(),
            payload: { step: 1 },
            attempts: 1,
          }),
        ])
        fixture.clock.advance(1)
        expect((await claim()).map(({ id }) => id)).toEqual(['later'])
      })

      it('takes of each kind as many as it has slots, the longest due first', async () => {
        const due = [3, 1, 2].map((age) => timer(`check/${age}`, { dueAt: inMs(-age * MINUTE_MS) }))
        await set(...due, timer('mail/1', { kind: 'mail' }), timer('call/1', { kind: 'call' }))
        const slots = new Map([
          ['check', 2],
          ['mail', 5],
        ])
        const claimed = await claims.claim(slots, fixture.clock.now())
        expect(claimed.map(({ id }) => id).toSorted()).toEqual(['check/2', 'check/3', 'mail/1'])
      })

      it('never gives one timer to two at once', async () => {
        const all = Array.from({ length: 200 }, (_, at) => timer(`t/${at}`))
        await set(...all)
        const others = new TimerClaims((await fixture.process()).dataSource, MINUTE_MS)
        const rounds = Array.from({ length: 20 }, (_, at) =>
          (at % 2 ? claims : others).claim(new Map([['check', 10]]), fixture.clock.now()),
        )
        const claimed = (await Promise.all(rounds)).flat().map(({ id }) => id)
        expect(claimed.length).toBeGreaterThan(10)
        expect(new Set(claimed).size).toBe(claimed.length)
      })

      it('gives it again when its lease has run out, and not before', async () => {
        await set(timer('t1'))
        const short = new TimerClaims(service.dataSource, 200)
        const [first] = await short.claim(new Map([['check', 1]]), fixture.clock.now())
        expect(await claim()).toHaveLength(0)
        const second = await eventually(claimOne)
        expect(second.attempts).toBe(2)
        expect(second.token).not.toBe(first?.token)
        expect(first && (await short.renew([first]))).toEqual(new Set())
      })

      it('gives it to a newcomer when the process that has it is gone, and not before', async () => {
        await set(timer('t1'))
        const [dying, next] = [fixture.presence(), fixture.presence()]
        const slots = new Map([['check', 1]])
        const [first] = await new TimerClaims(service.dataSource, MINUTE_MS, dying).claim(slots, fixture.clock.now())
        expect(first).toMatchObject({ id: 't1', attempts: 1 })
        expect(await new TimerClaims(service.dataSource, MINUTE_MS, next).claim(slots, fixture.clock.now())).toEqual([])
        const claimsOfNext = new TimerClaims(service.dataSource, MINUTE_MS, next)
        await eventually(() => expect(next.isNewcomer).toBe(true))
        expect(await claimsOfNext.claim(slots, fixture.clock.now())).toEqual([])
        await dying.close()
        await eventually(async () => expect(await claimsOfNext.claim(slots, fixture.clock.now())).toHaveLength(1))
        expect(first && (await claims.renew([first]))).toEqual(new Set())
      })

      it('does not give it again when the process that has it was cut off and is back', async () => {
        await set(timer('t1'))
        const [presence, other] = [fixture.presence(), fixture.presence()]
        const slots = new Map([['check', 1]])
        const [first] = await new TimerClaims(service.dataSource, MINUTE_MS, presence).claim(slots, fixture.clock.now())
        const session = await presence.session()
        await service.dataSource.query(
          `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1`,
          [session.number],
        )
        await eventually(async () => expect((await presence.session()).ended.aborted).toBe(false))
        await eventually(async () => expect(await presence.session()).not.toBe(session))
        expect(
          await new TimerClaims(service.dataSource, MINUTE_MS, presence).claim(slots, fixture.clock.now()),
        ).toEqual([])
        expect(await new TimerClaims(service.dataSource, MINUTE_MS, other).claim(slots, fixture.clock.now())).toEqual(
          [],
        )
        expect(first && (await claims.renew([first]))).toEqual(new Set(['t1']))
      })

      // Postgres restarts, and another process is the first to be back.
      it('does not give it to who was cut off, too, and is back before the process that has it', async () => {
        await set(timer('t1'))
        const [late, early] = [fixture.presence(), fixture.presence()]
        const slots = new Map([['check', 1]])
        const [first] = await new TimerClaims(service.dataSource, MINUTE_MS, late).claim(slots, fixture.clock.now())
        const claimsOfEarly = new TimerClaims(service.dataSource, MINUTE_MS, early)
        const before = await early.session()
        await eventually(() => expect(early.isNewcomer).toBe(true))
        await late.close() // is away, for all that others see
        before.close()
        await eventually(async () => expect((await early.session()).age).toBeGreaterThan(3_100), { timeoutMs: 10_000 })
        expect(await claimsOfEarly.claim(slots, fixture.clock.now())).toEqual([])
        expect(first && (await claims.renew([first]))).toEqual(new Set(['t1']))
      })

      it('finds nothing among 10,000 that wait by looking at a page or two of an index', async () => {
        const waiting = Array.from({ length: 10_000 }, (_, at) => timer(`t/${at}`, { dueAt: inMs((at + 1) * 1_000) }))
        await set(...waiting)
        await service.dataSource.query('VACUUM ANALYZE timer')
        const blocksRead = async (): Promise<number> => {
          await service.dataSource.query('SELECT pg_stat_force_next_flush()')
          const [row] = await service.dataSource.query<{ blocks: number }[]>(
            `SELECT (heap_blks_read + heap_blks_hit + idx_blks_read + idx_blks_hit)::int AS blocks
         FROM pg_statio_user_tables WHERE relname = 'timer'`,
          )
          return row?.blocks ?? 0
        }
        const one = await fixture.process()
        const few = new TimerClaims(one.dataSource, MINUTE_MS)
        const before = await eventually(blocksRead)
        for (let round = 0; round < 10; round += 1) await few.claim(new Map([['check', 5]]), fixture.clock.now())
        await one.dataSource.query('SELECT pg_stat_force_next_flush()')
        await eventually(async () => expect(await blocksRead()).toBeGreaterThan(before))
        expect((await blocksRead()) - before).toBeLessThan(10 * 10)
      })
    })

    describe('a claim', () => {
      it('is prolonged while its token stands', async () => {
        await set(timer('t1'), timer('t2'))
        const held = await claim()
        await deleteTimers(service.dataSource.manager, ['t2', 'unknown'])
        expect(await claims.renew(held)).toEqual(new Set(['t1']))
      })

      it('is lost when the timer is set anew, and the new one starts from nothing', async () => {
        await set(timer('t1'))
        const old = await claimOne()
        await claims.postpone(old, fixture.clock.now())
        const failed = await claimOne()
        expect(failed).toMatchObject({ attempts: 2, failures: 1 })
        await set(timer('t1', { key: 'a2', payload: { step: 2 } }))
        expect(await service.dataSource.transaction((tx) => claims.lock(tx, failed))).toBe(false)
        expect(await claimOne()).toMatchObject({ key: 'a2', payload: { step: 2 }, attempts: 1, failures: 0 })
      })

      it('that failed waits until its next time, and remembers when it was due', async () => {
        const due = fixture.clock.now()
        await set(timer('t1'))
        await claims.postpone(await claimOne(), inMs(5_000))
        fixture.clock.advance(4_999)
        expect(await claim()).toHaveLength(0)
        fixture.clock.advance(1)
        expect(await claimOne()).toMatchObject({ dueAt: due, failures: 1 })
      })

      it('that is released can be taken at once', async () => {
        await set(timer('t1'))
        await claims.release(await claimOne())
        expect(await claimOne()).toMatchObject({ attempts: 2, failures: 0 })
      })

      it('settles as fired or for another time', async () => {
        await set(timer('t1'), timer('t2'), timer('t3'))
        const again = inMs(MINUTE_MS)
        for (const claimed of await claim()) {
          const result = { t1: 'fired', t2: { again }, t3: { again, payload: null } } as const
          await claims.settle(service.dataSource.manager, claimed, result[claimed.id as 't1' | 't2' | 't3'])
        }
        fixture.clock.set(again)
        const later = (await claim()).toSorted((a, b) => a.id.localeCompare(b.id))
        expect(later).toEqual([
          expect.objectContaining({ id: 't2', dueAt: again, payload: { step: 1 }, attempts: 2 }),
          expect.objectContaining({ id: 't3', dueAt: again, payload: null }),
        ])
      })
    })
  })
}
