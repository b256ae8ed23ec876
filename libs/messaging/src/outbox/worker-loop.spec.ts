import { createLogger } from '@banso/platform'
import { eventually } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { WakeUp } from './wake-up.ts'
import { WorkerLoop } from './worker-loop.ts'

const logger = createLogger({ service: 'test', level: 'silent' })

const loopOf = (step: (turn: number) => Promise<boolean>) => {
  let turns = 0
  const wake = new WakeUp()
  const loop = new WorkerLoop({ name: 'test', step: () => step((turns += 1)), wake, logger })
  return { loop, wake, turns: () => turns }
}

describe('WorkerLoop', () => {
  it('goes on at once while there is more to do', async () => {
    const { loop, turns } = loopOf(async (turn) => turn < 500)
    const started = performance.now()
    loop.start()
    await eventually(() => expect(turns()).toBe(500))
    expect(performance.now() - started).toBeLessThan(500 * 200)
    await loop.stop()
  })

  it('polls when nobody wakes it', async () => {
    const { loop, turns } = loopOf(async () => false)
    loop.start()
    await eventually(() => expect(turns()).toBeGreaterThanOrEqual(3))
    await loop.stop()
  })

  it('pauses after a failure, longer after the next, and a wake-up does not shorten it', async () => {
    const times: number[] = []
    const { loop, wake } = loopOf(async (turn) => {
      times.push(performance.now())
      if (turn >= 3) return false
      wake.call()
      throw new Error('away')
    })
    loop.start()
    await eventually(() => expect(times.length).toBeGreaterThanOrEqual(3))
    await loop.stop()
    const [first = 0, second = 0, third = 0] = times
    expect(second - first).toBeGreaterThan(190)
    expect(third - second).toBeGreaterThan(390)
  })

  it('asks again every second while a store is away', async () => {
    const paused: unknown[] = []
    const write = (line: string): void => void paused.push(Reflect.get(Object(JSON.parse(line)), 'pauseMs'))
    const heard = createLogger({ service: 'test' }, { write })
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const step = () => Promise.reject(refused)
    const loop = new WorkerLoop({ name: 'test', step, wake: new WakeUp(), logger: heard })
    loop.start()
    await eventually(() => expect(paused).toEqual([200, 400, 800, 1_000]))
    await loop.stop()
  })

  it('stops after the step under way, and does no other', async () => {
    const entered = Promise.withResolvers<void>()
    const leave = Promise.withResolvers<void>()
    const { loop, turns } = loopOf(async () => {
      entered.resolve()
      await leave.promise
      return true
    })
    loop.start()
    await entered.promise
    let stopped = false
    const stopping = loop.stop().then(() => (stopped = true))
    await Promise.resolve()
    expect(stopped).toBe(false)
    leave.resolve()
    await stopping
    expect(turns()).toBe(1)
  })

  it('stops in the middle of a pause', async () => {
    const { loop, turns } = loopOf(async () => {
      throw new Error('away')
    })
    loop.start()
    await eventually(() => expect(turns()).toBe(4)) // the next pause is 1.6 s
    const started = performance.now()
    await loop.stop()
    expect(performance.now() - started).toBeLessThan(1_000)
  })

  it('starts again after a stop', async () => {
    const { loop, turns } = loopOf(async () => false)
    loop.start()
    await loop.stop()
    const before = turns()
    loop.start()
    await eventually(() => expect(turns()).toBeGreaterThan(before))
    await loop.stop()
  })
})
