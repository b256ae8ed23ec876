import { describe, expect, it } from '@jest/globals'
import { SlowTargets } from './slow-targets.ts'

type Outcome = 'in time' | 'too late'
const isSlow = (outcome: Outcome) => outcome === 'too late'

/** Sends that end when they are told. */
const sends = (targets: SlowTargets, target: string, count: number) => {
  const ends: ((outcome: Outcome) => void)[] = []
  const send = () => new Promise<Outcome>((end) => ends.push(end))
  const results = Array.from({ length: count }, () => targets.within(target, send, isSlow))
  return { ends, results }
}

const broken = () => Promise.reject(new Error('stopped'))

const SLOW = 'https://slow.example.com/'

describe('targets that do not answer in time', () => {
  it('get four places from then on, others as many as they want', async () => {
    const targets = new SlowTargets()
    const first = sends(targets, SLOW, 32)
    expect(first.ends).toHaveLength(32)
    for (const end of first.ends) end('too late')
    await Promise.all(first.results)
    const next = sends(targets, SLOW, 32)
    expect(next.ends).toHaveLength(4)
    expect(await Promise.all(next.results.slice(4))).toEqual(Array.from({ length: 28 }, () => null))
    expect(sends(targets, 'https://quick.example.com/', 32).ends).toHaveLength(32)
  })

  it('get all of them back when they answer in time', async () => {
    const targets = new SlowTargets()
    for (const outcome of ['too late', 'in time'] as const) {
      const { ends, results } = sends(targets, SLOW, 1)
      for (const end of ends) end(outcome)
      await Promise.all(results)
    }
    expect(sends(targets, SLOW, 32).ends).toHaveLength(32)
  })

  it('give their place back when a send is broken off', async () => {
    const targets = new SlowTargets()
    const { ends, results } = sends(targets, SLOW, 1)
    for (const end of ends) end('too late')
    await Promise.all(results)
    for (let count = 0; count < 4; count += 1)
      await expect(targets.within(SLOW, broken, isSlow)).rejects.toThrow('stopped')
    expect(sends(targets, SLOW, 4).ends).toHaveLength(4)
  })
})
