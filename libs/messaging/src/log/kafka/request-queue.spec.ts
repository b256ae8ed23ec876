import { afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { guardRequestQueue, type RequestQueue, requestQueueClass } from './request-queue.ts'

const silent = { debug: () => undefined, warn: () => undefined }

interface Pushable extends RequestQueue {
  throttledUntil: number
  push(request: { entry: { correlationId: number }; expectResponse: boolean; sendRequest: () => void }): void
  destroy(): void
}

describe('the guarded request queue of kafkajs', () => {
  let queue: Pushable

  beforeAll(guardRequestQueue)
  afterEach(() => queue.destroy())

  const open = (): Pushable => {
    const Queue = requestQueueClass()
    const settings = { maxInFlightRequests: null, requestTimeout: 1_000, enforceRequestTimeout: false }
    queue = new Queue({ ...settings, clientId: 'spec', broker: 'none', logger: silent }) as Pushable
    return queue
  }

  it('sets no timer while nothing waits', () => {
    const idle = open()
    idle.checkPendingRequests()
    expect(idle.throttleCheckTimeoutId).toBeNull()
  })

  it('sends what waits when the throttling ends, with a timer of a positive time', async () => {
    const warnings: Error[] = []
    const note = (warning: Error) => warnings.push(warning)
    process.on('warning', note)
    const throttled = open()
    throttled.throttledUntil = Date.now() + 60
    const sent = new Promise<number>((resolve) => {
      const sendRequest = () => resolve(Date.now())
      throttled.push({ entry: { correlationId: 1 }, expectResponse: true, sendRequest })
    })
    expect(throttled.throttleCheckTimeoutId).not.toBeNull()
    expect(await sent).toBeGreaterThanOrEqual(throttled.throttledUntil)
    await new Promise((resolve) => setImmediate(resolve))
    process.off('warning', note)
    expect(warnings).toEqual([])
    expect(throttled.throttleCheckTimeoutId).toBeNull()
  })
})
