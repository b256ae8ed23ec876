import { accountScored, bandChanged } from '@banso/testing'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { ServiceFixture, type TestProcess } from '../../test/service-fixture.suite.ts'
import type { NewTimer } from '../work.ts'
import { BufferedWork } from './buffered-work.ts'
import { OutgoingEventInvalidError } from './errors.ts'

let fixture: ServiceFixture
let service: TestProcess

const timer = (id: string, overrides: Partial<NewTimer> = {}): NewTimer => ({
  id,
  key: 'a1',
  kind: 'check',
  dueAt: new Date('2026-01-16T09:00:00.000Z'),
  payload: { step: 1 },
  ...overrides,
})

const commit = (run: (work: BufferedWork) => void): Promise<BufferedWork> =>
  service.dataSource.transaction(async (tx) => {
    const work = new BufferedWork(tx, service.context)
    run(work)
    await work.flush()
    return work
  })

const written = async (): Promise<{ events: string[]; timers: string[] }> => {
  const events = await service.dataSource.query<{ id: string }[]>(
    'SELECT event_id AS id FROM outbox ORDER BY outbox.id',
  )
  const timers = await service.dataSource.query<{ id: string }[]>('SELECT id FROM timer ORDER BY id')
  return { events: events.map(({ id }) => id), timers: timers.map(({ id }) => id) }
}

/** Whether the signal was called: a wait ends long before its time. */
const isCalled = async (signal: { wait(ms: number): Promise<void> }): Promise<boolean> => {
  const started = performance.now()
  await signal.wait(1_000)
  return performance.now() - started < 500
}

export const describeBufferedWork = (): void => {
  describe('BufferedWork', () => {
    beforeEach(async () => {
      fixture = await ServiceFixture.open()
      service = await fixture.process()
    })
    afterEach(() => fixture.close())

    it('writes what was published, in that order, and the timers, at the flush', async () => {
      const events = [bandChanged(), accountScored(), bandChanged()]
      await commit((work) => {
        for (const event of events) work.publish(event)
        work.schedule(timer('t1'))
      })
      expect(await written()).toEqual({ events: events.map(({ id }) => id), timers: ['t1'] })
    })

    it('takes its time from the clock once', async () => {
      await commit((work) => {
        const { now } = work
        fixture.clock.advance(1_000)
        expect(work.now).toBe(now)
      })
    })

    it('goes back to a mark', async () => {
      const kept = bandChanged()
      await commit((work) => {
        work.publish(kept)
        work.schedule(timer('t1'))
        const mark = work.mark()
        work.publish(bandChanged())
        work.schedule(timer('t2'))
        work.cancelTimer('t1')
        work.reset(mark)
      })
      expect(await written()).toEqual({ events: [kept.id], timers: ['t1'] })
    })

    it('forgets everything without a mark', async () => {
      await commit((work) => {
        work.publish(bandChanged())
        work.schedule(timer('t1'))
        work.reset()
      })
      expect(await written()).toEqual({ events: [], timers: [] })
    })

    it('writes nothing that came after mute', async () => {
      const before = bandChanged()
      await commit((work) => {
        work.publish(before)
        work.mute()
        work.publish(bandChanged())
        work.schedule(timer('t1'))
      })
      expect(await written()).toEqual({ events: [before.id], timers: [] })
    })

    it('the last word on a timer counts', async () => {
      await commit((work) => {
        work.schedule(timer('t1'))
        work.cancelTimer('t1')
        work.cancelTimer('t2')
        work.schedule(timer('t2'))
      })
      expect((await written()).timers).toEqual(['t2'])
    })

    it('flushes each thing once', async () => {
      await service.dataSource.transaction(async (tx) => {
        const work = new BufferedWork(tx, service.context)
        work.publish(bandChanged())
        await work.flush()
        await work.flush()
      })
      expect((await written()).events).toHaveLength(1)
    })

    it('refuses an invalid event where it is published', async () => {
      const event = { ...bandChanged(), key: '' }
      await expect(commit((work) => work.publish(event))).rejects.toBeInstanceOf(OutgoingEventInvalidError)
      expect(await written()).toEqual({ events: [], timers: [] })
    })

    it('refuses an event id that waits already', async () => {
      const event = bandChanged()
      await commit((work) => work.publish(event))
      await expect(commit((work) => work.publish(event))).rejects.toThrow('outbox_event_id')
    })

    it('wakes the relay for events, and the timers for what is due', async () => {
      const { relay, timers } = service.context
      ;(await commit((work) => work.schedule(timer('later')))).committed()
      expect(await isCalled(relay)).toBe(false)
      expect(await isCalled(timers)).toBe(false)
      ;(await commit((work) => work.publish(bandChanged()))).committed()
      expect(await isCalled(relay)).toBe(true)
      expect(await isCalled(timers)).toBe(false)
      ;(await commit((work) => work.schedule(timer('now', { dueAt: fixture.clock.now() })))).committed()
      expect(await isCalled(timers)).toBe(true)
    })
  })
}
