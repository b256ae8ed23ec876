import { describe, expect, it } from '@jest/globals'
import { WakeUp } from './wake-up.ts'

const MINUTE_MS = 60_000

describe('WakeUp', () => {
  it('ends a wait that is under way', async () => {
    const wake = new WakeUp()
    const waiting = wake.wait(MINUTE_MS)
    wake.call()
    await expect(waiting).resolves.toBeUndefined()
  })

  it('remembers a call that came while nobody waited, once', async () => {
    const wake = new WakeUp()
    wake.call()
    wake.call()
    await wake.wait(MINUTE_MS)
    const started = performance.now()
    await wake.wait(30)
    expect(performance.now() - started).toBeGreaterThan(25)
  })
})
