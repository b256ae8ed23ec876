import { describe, expect, it } from '@jest/globals'
import { within } from './within.ts'

const never = new Promise<void>(() => undefined)

describe('within', () => {
  it('ends when the work does', async () => {
    const started = performance.now()
    await within(60_000, Promise.resolve())
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('ends when its patience does', async () => {
    const started = performance.now()
    await within(20, never)
    expect(performance.now() - started).toBeGreaterThan(15)
  })

  it('passes on a failure', async () => {
    await expect(within(60_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  })
})
