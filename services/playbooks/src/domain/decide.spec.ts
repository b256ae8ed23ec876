import { describe, expect, it } from '@jest/globals'
import { document, occasion } from '../../test/occasions.ts'
import type { Advanced } from './advance.ts'
import { type Circumstances, decide, decided, dedupeKeyOf, type KeyState } from './decide.ts'

const nothing: KeyState = { underWay: null, starts: [] }
const ranAt = (at: string): KeyState => ({ underWay: null, starts: [{ runId: 'earlier', occurredAt: new Date(at) }] })
const waits: Advanced = {
  state: { status: 'running', step: 'tell', waiting: { for: 'action' }, goals: [], held: [] },
  outputs: [],
  trail: [],
}
const begin = (advanced: Advanced) => () => advanced

const circumstances = (overrides: Partial<Circumstances> = {}): Circumstances => ({
  mode: 'active',
  paused: false,
  activeSince: new Date('2026-01-01T00:00:00Z'),
  seriousTicket: false,
  begin: begin(waits),
  ...overrides,
})

const capped: Advanced = {
  ...waits,
  state: {
    status: 'running',
    step: 'tell',
    waiting: { for: 'cap', until: '2026-02-01T00:00:00Z' },
    goals: [],
    held: [],
  },
}

describe('why a run is held back', () => {
  const at = '2026-01-31T09:00:00Z'
  it.each([
    ['history', {}, { history: true }, {}],
    ['first-score', {}, { firstScore: true }, {}],
    ['first-activation', { firstActivation: 'new-only' }, {}, { activeSince: new Date('2026-01-31T09:00:01Z') }],
    ['serious-ticket', { selling: true }, {}, { seriousTicket: true }],
    ['daily-cap', {}, {}, { begin: begin(capped) }],
    ['observe', {}, {}, { mode: 'observe' }],
    ['paused', {}, {}, { paused: true }],
  ] as const)('%s', (reason, spec, what, how) => {
    expect(decide(document(spec), occasion({ at, ...what }), nothing, circumstances(how))).toEqual({
      kind: 'held-back',
      reason,
    })
  })

  it.each([
    [
      'a first score that is asked for',
      { trigger: { on: 'band-changed', firstScore: true } },
      { firstScore: true },
      {},
    ],
    ['a serious ticket, and it does not sell', {}, {}, { seriousTicket: true }],
    ['no serious ticket, and it sells', { selling: true }, {}, {}],
    ['what came before it was active, where that counts', {}, {}, { activeSince: new Date('2026-01-31T09:00:01Z') }],
    ['what came when it became active', { firstActivation: 'new-only' }, {}, { activeSince: new Date(at) }],
  ] as const)('does not hold back %s', (_, spec, what, how) => {
    const decision = decide(document(spec), occasion({ at, ...what }), nothing, circumstances(how))
    expect(decision).toEqual({ kind: 'start', begun: waits })
  })

  it('keeps the first reason, in one order', () => {
    const all = circumstances({ paused: true, mode: 'observe', seriousTicket: true, begin: begin(capped) })
    const selling = document({ selling: true, coolDown: 'P1D' })
    const reasonOf = (what: object, state: KeyState = nothing) => {
      const decision = decide(selling, occasion({ at, ...what }), state, all)
      return decision.kind === 'held-back' && decision.reason
    }
    expect(reasonOf({ history: true, firstScore: true })).toBe('history')
    expect(reasonOf({ firstScore: true }, ranAt(at))).toBe('first-score')
    expect(reasonOf({}, { ...ranAt(at), underWay: 'other' })).toBe('duplicate')
    expect(reasonOf({}, ranAt(at))).toBe('cool-down')
    expect(reasonOf({})).toBe('serious-ticket')
  })
})

describe('the cool-down', () => {
  const daily = document({ coolDown: 'P1D' })
  it.each([
    ['less than it before', '2026-01-30T09:00:01Z', { kind: 'held-back', reason: 'cool-down', by: 'earlier' }],
    ['exactly as much before', '2026-01-30T09:00:00Z', { kind: 'start', begun: waits }],
    ['less than it after', '2026-02-01T08:59:59Z', { kind: 'held-back', reason: 'cool-down', by: 'earlier' }],
  ])('compares event times in both directions: a run %s', (_, earlier, decision) => {
    expect(decide(daily, occasion({ at: '2026-01-31T09:00:00Z' }), ranAt(earlier), circumstances())).toEqual(decision)
  })

  it('counts what was only observed, which is never under way', () => {
    const start = { runId: 'observed', occurredAt: new Date('2026-01-31T09:00:00Z') }
    expect(decided(nothing, { kind: 'held-back', reason: 'observe' }, start)).toEqual({
      underWay: null,
      starts: [start],
    })
    expect(decided(nothing, { kind: 'held-back', reason: 'paused' }, start)).toEqual(nothing)
    expect(decided(nothing, { kind: 'start', begun: waits }, start)).toEqual({
      underWay: 'observed',
      starts: [start],
    })
    const ended: Advanced = { ...waits, state: { status: 'done' } }
    expect(decided(nothing, { kind: 'start', begun: ended }, start).underWay).toBeNull()
  })
})

describe('the dedupe key', () => {
  const one = occasion({ on: 'ticket-opened', trigger: { source: 'desk', ticketId: '7\u0000', stage: 'onboarding' } })
  it('is as wide as the document says', () => {
    const { accountId } = one
    expect(dedupeKeyOf(document(), one)).toBe(accountId)
    expect(dedupeKeyOf(document({ dedupe: 'account-and-band' }), occasion())).toBe(`${accountId}/red`)
    expect(dedupeKeyOf(document({ dedupe: 'account-and-stage' }), one)).toBe(`${accountId}/onboarding`)
  })

  it('can be stored, whatever a desk calls its tickets', () => {
    const key = dedupeKeyOf(document({ dedupe: 'ticket' }), one)
    expect(key).toContain('desk')
    expect(key).not.toContain('\u0000')
  })
})
