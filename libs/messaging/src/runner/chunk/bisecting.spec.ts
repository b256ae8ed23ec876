import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { decodedOf, idsOf } from '../../../test/records.suite.ts'
import type { Outcome } from '../../outcome.ts'
import { type Attempt, settle } from './bisecting.ts'

const done: Outcome = { kind: 'done' }
const retry: Outcome = { kind: 'retry', reason: 'not yet' }
const dead: Outcome = { kind: 'dead', reason: 'never' }

/** A handler whose effects last only when they are kept. `answers` by id: an outcome, or an error to throw. */
const handlerOf = (answers: Readonly<Record<string, Outcome | Error>>) => {
  const effects: string[] = []
  const calls: number[] = []
  const attempt: Attempt = async (items, keep) => {
    calls.push(items.length)
    const ids = items.map((item) => item.event.id)
    const outcomes = ids.map((id): Outcome => {
      const answer = answers[id] ?? done
      if (answer instanceof Error) throw answer
      return answer
    })
    if (keep(outcomes)) effects.push(...ids.filter((_, index) => outcomes[index]?.kind === 'done'))
    return outcomes
  }
  return { attempt, effects, calls }
}

const settled = async (
  keys: string,
  answers: Readonly<Record<string, Outcome | Error>>,
  parkedKeys: readonly string[] = [],
) => {
  const handler = handlerOf(answers)
  const result = await settle(decodedOf(keys), new Set(parkedKeys), handler.attempt)
  return {
    effects: handler.effects,
    calls: handler.calls,
    parked: result.parked.map(({ record, failure }) => `${idsOf([record])[0]}${failure ? '!' : ''}`),
    dead: idsOf(result.dead.map(({ record }) => record)),
  }
}

const sorted = (ids: readonly string[]): string[] => ids.toSorted((a, b) => a.localeCompare(b))

describe('settling a chunk', () => {
  it('calls the handler once when all is well', async () => {
    expect(await settled('a b a', {})).toEqual({ effects: ['a0', 'b1', 'a2'], calls: [3], parked: [], dead: [] })
  })

  it('stores what comes for a parked key behind it, unseen', async () => {
    expect(await settled('a b a', {}, ['a'])).toMatchObject({ effects: ['b1'], parked: ['a0', 'a2'], calls: [1] })
  })

  it('narrows a throwing handler down to the message, parks its key and lets the others pass', async () => {
    const result = await settled('a b c a b c a', { c2: new TypeError('poison') })
    expect(result.effects).toEqual(['a0', 'b1', 'a3', 'b4', 'a6'])
    expect(result.parked).toEqual(['c2!', 'c5'])
  })

  it('undoes a call with a retry and parks the later ones of the key behind it', async () => {
    const result = await settled('a a a b', { a1: retry })
    expect(result).toEqual({ effects: ['a0', 'b3'], parked: ['a1!', 'a2'], dead: [], calls: [4, 2] })
  })

  it('keeps the order of a key when an earlier message of it fails in the second call', async () => {
    const handler = handlerOf({ a1: retry })
    let calls = 0
    const attempt: Attempt = (items, keep) => {
      calls += 1
      return calls === 2 ? Promise.reject(new Error('now a0 fails')) : handler.attempt(items, keep)
    }
    const result = await settle(decodedOf('a a a'), new Set(), attempt)
    expect(result.parked.map(({ record }) => record.offset)).toEqual([0, 1, 2])
    expect(handler.effects).toEqual([])
  })

  it('undoes a call with something that can never be done, gives that up, and goes on with its key', async () => {
    expect(await settled('a a', { a0: dead })).toEqual({ effects: ['a1'], dead: ['a0'], parked: [], calls: [2, 1] })
  })

  it('passes infrastructure errors on', async () => {
    const away = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
    await expect(settled('a b', { a0: away })).rejects.toBe(away)
  })

  it('brings every message to exactly one end, each key in order, whatever fails', async () => {
    const answer = fc.constantFrom<'done' | 'throw' | 'retry' | 'dead'>(
      'done',
      'done',
      'done',
      'throw',
      'retry',
      'dead',
    )
    const key = fc.constantFrom('a', 'b', 'c')
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(key, answer), { minLength: 1, maxLength: 24 }), async (messages) => {
        const outcome = { done, retry, dead, throw: new Error('thrown') }
        const keys = messages.map(([name]) => name).join(' ')
        const answers = Object.fromEntries(messages.map(([name, kind], index) => [`${name}${index}`, outcome[kind]]))
        const result = await settled(keys, answers)
        const parked = result.parked.map((id) => id.replace('!', ''))
        const expected = messages.map(([name], index) => `${name}${index}`)
        expect(sorted([...result.effects, ...parked, ...result.dead])).toEqual(sorted(expected))
        for (const name of ['a', 'b', 'c']) {
          const order = [...result.effects, ...parked]
            .filter((id) => id.startsWith(name))
            .map((id) => Number(id.slice(1)))
          expect(order).toEqual(order.toSorted((x, y) => x - y))
        }
      }),
      { seed: 7, numRuns: 300 },
    )
  })
})
