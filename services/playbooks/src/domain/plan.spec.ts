import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { bandChanged, playbook } from '../../test/changes.ts'
import { decideAll, matchesAmong, windowsOf } from './plan.ts'

const daily = { ...playbook({ coolDown: 'P1D', dedupe: 'account-and-band', trigger: { on: 'band-changed' } }) }
const at = (hour: number, to: 'red' | 'amber' = 'red') =>
  bandChanged({ id: `change-${hour}-${to}`, to, at: new Date(Date.UTC(2026, 0, 1, hour)).toISOString() })

describe('deciding a chunk', () => {
  it('lets the first change by event time start, and holds back those behind it', () => {
    const decided = decideAll(matchesAmong([daily], [at(5), at(3), at(4)]), new Map())
    expect(decided.map(({ change, decision }) => [change.id, decision.kind])).toEqual([
      ['change-3-red', 'start'],
      ['change-4-red', 'held-back'],
      ['change-5-red', 'held-back'],
    ])
    expect(decided[1]?.decision).toEqual({ kind: 'held-back', reason: 'duplicate', by: decided[0]?.runId })
  })

  it('comes out the same whatever the order of the changes, and however often one is named', () => {
    const changes = [at(1), at(2, 'amber'), at(30), at(49, 'amber'), at(49)]
    const decided = (of: typeof changes) =>
      decideAll(matchesAmong([daily, { ...daily, name: 'another' }], of), new Map()).map(({ runId, decision }) => [
        runId,
        decision.kind,
      ])
    const expected = decided(changes)
    fc.assert(
      fc.property(fc.shuffledSubarray([...changes, ...changes], { minLength: 10, maxLength: 10 }), (shuffled) => {
        expect(decided(shuffled)).toEqual(expected)
      }),
    )
  })

  it('gives each playbook a run of its own, and the same run for the same change again', () => {
    const two = matchesAmong([daily, { ...daily, name: 'another' }], [at(1)])
    expect(new Set(two.map(({ runId }) => runId)).size).toBe(2)
    expect(matchesAmong([{ ...daily, version: 7 }], [at(1)])[0]?.runId).toBe(
      two.find(({ playbook: { name } }) => name === daily.name)?.runId,
    )
  })

  it('knows what was started before the chunk', () => {
    const [match] = matchesAmong([daily], [at(30)])
    const state = (hour: number) =>
      new Map([[match?.key ?? '', { underWay: null, starts: [{ runId: 'r', occurredAt: at(hour).time }] }]])
    expect(decideAll(matchesAmong([daily], [at(30)]), state(7))[0]?.decision).toMatchObject({ reason: 'cool-down' })
    expect(decideAll(matchesAmong([daily], [at(30)]), state(6))[0]?.decision).toEqual({ kind: 'start' })
  })
})

describe('which earlier starts are read', () => {
  it('one window per key, a cool-down around all its changes', () => {
    const windows = windowsOf(matchesAmong([daily], [at(48), at(30), at(40, 'amber')]))
    expect(windows).toHaveLength(2)
    expect(windows.find(({ dedupeKey }) => dedupeKey.endsWith('/red'))).toMatchObject({
      playbook: daily.name,
      after: new Date('2026-01-01T06:00:00Z'),
      before: new Date('2026-01-04T00:00:00Z'),
    })
  })
})
