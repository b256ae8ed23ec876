import { describe, expect, it } from '@jest/globals'
import { eventually } from './eventually.ts'
import { ManualClock } from './manual-clock.ts'

describe('eventually', () => {
  it('tries until it succeeds, and gives the result', async () => {
    let tries = 0
    const result = await eventually(
      () => {
        tries += 1
        if (tries < 3) throw new Error('not yet')
        return tries
      },
      { everyMs: 1 },
    )
    expect(result).toBe(3)
  })

  it('gives up with the last error', async () => {
    let tries = 0
    const failing = eventually(() => Promise.reject(new Error(`try ${(tries += 1)}`)), { timeoutMs: 20, everyMs: 1 })
    await expect(failing).rejects.toThrow(/^try \d+$/)
    expect(tries).toBeGreaterThan(1)
  })
})

describe('ManualClock', () => {
  it('stands still until it is moved', () => {
    const clock = new ManualClock('2026-01-01T00:00:00.000Z')
    expect(clock.now()).toEqual(clock.now())
    clock.advance(90_000)
    expect(clock.now().toISOString()).toBe('2026-01-01T00:01:30.000Z')
    clock.set('2026-03-01T00:00:00.000Z')
    expect(clock.now().toISOString()).toBe('2026-03-01T00:00:00.000Z')
  })
})
