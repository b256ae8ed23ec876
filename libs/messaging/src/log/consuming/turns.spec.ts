import { describe, expect, it } from '@jest/globals'
import { Turns } from './turns.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Enters and stays inside until it is let out. */
const member = (turns: Turns, inHurry = false) => {
  const out = Promise.withResolvers<void>()
  const state = { inside: false, leave: out.resolve, done: Promise.resolve() }
  state.done = turns.run(async () => {
    state.inside = true
    await out.promise
    state.inside = false
  }, inHurry)
  return state
}

describe('turns', () => {
  it('let those in together who come in one turn of the event loop, and wait for nobody who is slow inside', async () => {
    const turns = new Turns(0)
    const slow = member(turns)
    await settled()
    const others = [member(turns), member(turns)]
    expect([slow, ...others].map(({ inside }) => inside)).toEqual([true, false, false])
    await settled()
    expect([slow, ...others].map(({ inside }) => inside)).toEqual([true, true, true])
    for (const { leave } of [slow, ...others]) leave()
    await Promise.all([slow, ...others].map(({ done }) => done))
  })

  it('begin no earlier than the least interval after the one before, unless somebody is in a hurry', async () => {
    const turns = new Turns(1_000)
    const began = performance.now()
    const pass = async (inHurry: boolean) => {
      const one = member(turns, inHurry)
      one.leave()
      await one.done
      return performance.now() - began
    }
    expect(await pass(false)).toBeLessThan(900)
    expect(await pass(true)).toBeLessThan(900)
    expect(await pass(false)).toBeGreaterThanOrEqual(999)
  })

  it('go on when a member fails', async () => {
    const turns = new Turns(0)
    await expect(turns.run(() => Promise.reject(new Error('no')), false)).rejects.toThrow('no')
    expect(await turns.run(async () => 'entered', false)).toBe('entered')
  })
})
