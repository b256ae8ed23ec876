import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { ACCOUNT, facts, inBand, occasion, playbook } from '../../test/occasions.ts'
import { begin } from './advance.ts'
import { CapBudget } from './cap-budget.ts'
import type { KeyState, Standing } from './decide.ts'
import { LocalTime } from './local-time.ts'
import type { Occasion } from './occasion.ts'
import { decideAll, matchesAmong, qualified, windowsOf } from './plan.ts'
import type { Playbook } from './playbook.ts'

const daily = playbook({ coolDown: 'P1D', dedupe: 'account-and-band', trigger: { on: 'band-changed' } })
const at = (hour: number, to: 'red' | 'amber' = 'red') =>
  occasion({ id: `${hour}-${to}`, at: new Date(Date.UTC(2026, 0, 1, hour)).toISOString(), trigger: { to } })

const active: Standing = { mode: 'active', paused: false, activeSince: null }
const local = new LocalTime('UTC')
const now = new Date('2026-01-31T09:00:00Z')

const decide = (
  playbooks: readonly Playbook[],
  occasions: readonly Occasion[],
  states: ReadonlyMap<string, KeyState> = new Map(),
) => {
  const budget = new CapBudget('2026-01-31', new Map())
  const accounts = new Map(occasions.map(({ accountId }) => [accountId, facts()]))
  return decideAll(qualified(matchesAmong(playbooks, occasions), accounts), {
    states,
    standings: new Map(playbooks.map(({ name }) => [name, active])),
    budget,
    circumstances: ({ playbook: { name, program } }, standing) => {
      const capReached = (step: string) => budget.reached(name, step, program.caps.get(step) ?? Infinity)
      const context = { program, now, local, facts: facts(), paused: false, capReached }
      return { ...standing, seriousTicket: false, begin: () => begin(context) }
    },
  })
}

describe('deciding a batch', () => {
  it('lets the first by event time start, and holds back those behind it', () => {
    const found = decide([daily], [at(5), at(3), at(4)])
    expect(found.map((one) => [one.occasion.id, one.decision.kind])).toEqual([
      ['3-red', 'start'],
      ['4-red', 'held-back'],
      ['5-red', 'held-back'],
    ])
    expect(found[1]?.decision).toEqual({ kind: 'held-back', reason: 'duplicate', by: found[0]?.runId })
  })

  it('comes out the same whatever the order of what happened, and however often one is named', () => {
    const occasions = [at(1), at(2, 'amber'), at(30), at(49, 'amber'), at(49)]
    const kinds = (of: typeof occasions) =>
      decide([daily, { ...daily, name: 'another' }], of).map(({ runId, decision }) => [runId, decision.kind])
    const expected = kinds(occasions)
    fc.assert(
      fc.property(fc.shuffledSubarray([...occasions, ...occasions], { minLength: 10, maxLength: 10 }), (shuffled) => {
        expect(kinds(shuffled)).toEqual(expected)
      }),
    )
  })

  it('gives each playbook a run of its own, and the same run for the same occasion again', () => {
    const two = matchesAmong([daily, { ...daily, name: 'another' }], [at(1)])
    expect(new Set(two.map(({ runId }) => runId)).size).toBe(2)
    const again = matchesAmong([{ ...daily, version: 7 }], [at(1)])[0]?.runId
    expect(again).toBe(two.find(({ playbook: { name } }) => name === daily.name)?.runId)
  })

  it('knows what was started before', () => {
    const [match] = matchesAmong([daily], [at(30)])
    const state = (hour: number) =>
      new Map([[match?.key ?? '', { underWay: null, starts: [{ runId: 'r', occurredAt: at(hour).time }] }]])
    expect(decide([daily], [at(30)], state(7))[0]?.decision).toMatchObject({ reason: 'cool-down' })
    expect(decide([daily], [at(30)], state(6))[0]?.decision).toMatchObject({ kind: 'start' })
  })

  it('gives out the places of a daily cap in order of event time', () => {
    const action = { kind: 'webhook', url: 'https://hooks.example.com/' } as const
    const two = playbook({ steps: [{ id: 'tell', action, onFailure: 'fail', dailyCap: 2 }] })
    const accounts = Array.from({ length: 3 }, (_, hour) => ({ ...at(hour), accountId: `account-${hour}` }))
    const found = decide([two], accounts.toReversed())
    expect(found.map((one) => [one.occasion.accountId, one.decision])).toMatchObject([
      ['account-0', { kind: 'start' }],
      ['account-1', { kind: 'start' }],
      ['account-2', { kind: 'held-back', reason: 'daily-cap' }],
    ])
  })

  it('takes a schedule, or an account that is there already, for the playbook that it is meant for alone', () => {
    const every = playbook({ trigger: { on: 'schedule', every: 'day', at: '09:00' } })
    const due = occasion({ on: 'schedule', playbook: 'call-when-red' })
    expect(matchesAmong([every, { ...every, name: 'another' }], [due])).toHaveLength(1)
    expect(matchesAmong([every], [{ ...due, playbook: 'another' }])).toEqual([])
    expect(matchesAmong([playbook({ enabled: false })], [at(1)])).toEqual([])
  })
})

describe('condition and audience', () => {
  const asks = playbook({ condition: 'trigger.toScore < 30.0', audience: 'health.band == "red"' })
  const fell = occasion({ trigger: { toScore: 20 } })
  const among = (one: Occasion, band: 'red' | 'green') =>
    qualified(matchesAmong([asks], [one]), new Map([[ACCOUNT, inBand(band)]]))

  it('must both hold, and leave the facts that they went by', () => {
    expect(among(fell, 'red')).toMatchObject([{ used: { 'health.band': 'red', 'trigger.toScore': 20 } }])
    expect(among(fell, 'green')).toEqual([])
    expect(among(occasion({ trigger: { toScore: 35 } }), 'red')).toEqual([])
  })

  it('do not hold where they cannot be decided', () => {
    expect(among(occasion({ trigger: { toScore: null } }), 'red')).toEqual([])
  })
})

describe('which earlier starts are read', () => {
  it('one window per key, a cool-down around all its occasions', () => {
    const windows = windowsOf(matchesAmong([daily], [at(48), at(30), at(40, 'amber')]))
    expect(windows).toHaveLength(2)
    expect(windows.find(({ dedupeKey }) => dedupeKey.endsWith('/red'))).toMatchObject({
      playbook: daily.name,
      after: new Date('2026-01-01T06:00:00Z'),
      before: new Date('2026-01-04T00:00:00Z'),
    })
  })
})
