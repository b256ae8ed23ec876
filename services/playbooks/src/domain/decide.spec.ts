import { describe, expect, it } from '@jest/globals'
import { ACCOUNT, bandChanged, playbook, scoreMoved } from '../../test/changes.ts'
import { decide, dedupeKeyOf, started, type KeyState } from './decide.ts'

const nothing: KeyState = { underWay: null, starts: [] }
const ranAt = (at: string): KeyState => ({ underWay: null, starts: [{ runId: 'earlier', occurredAt: new Date(at) }] })

describe('which changes match', () => {
  const red = playbook()

  it.each([
    ['a fall to red', bandChanged({ to: 'red' }), 'start'],
    ['a fall to amber', bandChanged({ to: 'amber' }), 'no-match'],
    ['a score that has gone', bandChanged({ to: null }), 'no-match'],
    ['a move', scoreMoved(-20), 'no-match'],
  ])('%s', (_, change, kind) => {
    expect(decide(red, change, nothing).kind).toBe(kind)
  })

  it('takes any band where none is named, and only the bands named where some are', () => {
    expect(decide(playbook({ trigger: { on: 'band-changed' } }), bandChanged({ to: 'amber' }), nothing).kind).toBe(
      'start',
    )
    const fromAmber = playbook({ trigger: { on: 'band-changed', from: ['amber'], to: ['red'] } })
    expect(decide(fromAmber, bandChanged({ from: 'green' }), nothing).kind).toBe('no-match')
    expect(decide(fromAmber, bandChanged({ from: 'amber' }), nothing).kind).toBe('start')
  })

  it.each([
    ['down', 15, -15, 'start'],
    ['down', 15, -14.9, 'no-match'],
    ['down', 15, 20, 'no-match'],
    ['up', 15, 20, 'start'],
    [undefined, 10, 10, 'start'],
    [undefined, 10, -10, 'start'],
  ] as const)('direction %s by %d, moved by %d: %s', (direction, by, movedBy, kind) => {
    const trigger = { on: 'score-moved' as const, by, ...(direction === undefined ? {} : { direction }) }
    expect(decide(playbook({ trigger }), scoreMoved(movedBy), nothing).kind).toBe(kind)
  })

  it('never matches while the playbook is switched off', () => {
    expect(decide(playbook({ enabled: false }), bandChanged(), nothing)).toEqual({ kind: 'no-match' })
  })
})

const caused = (time: string, receivedAt: string, cause: 'events' | 'daily' = 'events') =>
  bandChanged({ data: { cause, newestEvent: { id: 'e', time, receivedAt } } })

describe('history', () => {
  it('holds back what only events over 24 hours old have caused', () => {
    const late = caused('2026-01-30T08:59:59Z', '2026-01-31T09:00:00Z')
    expect(decide(playbook(), late, nothing)).toEqual({ kind: 'held-back', reason: 'history' })
  })

  it('lets pass what is exactly 24 hours old, and what the daily run found', () => {
    expect(decide(playbook(), caused('2026-01-30T09:00:00Z', '2026-01-31T09:00:00Z'), nothing).kind).toBe('start')
    const daily = bandChanged({ data: { cause: 'daily', newestEvent: null } })
    expect(decide(playbook(), daily, nothing).kind).toBe('start')
  })
})

describe('cool-down', () => {
  const weekly = playbook({ coolDown: 'P7D' })

  it('is measured between event times, and ends after exactly its length', () => {
    const state = ranAt('2026-01-24T09:00:00Z')
    expect(decide(weekly, bandChanged({ at: '2026-01-31T08:59:59Z' }), state)).toEqual({
      kind: 'held-back',
      reason: 'cool-down',
      by: 'earlier',
    })
    expect(decide(weekly, bandChanged({ at: '2026-01-31T09:00:00Z' }), state)).toEqual({ kind: 'start' })
  })

  it('holds back a late change before a run as well', () => {
    expect(decide(weekly, bandChanged({ at: '2026-01-20T00:00:00Z' }), ranAt('2026-01-24T09:00:00Z')).kind).toBe(
      'held-back',
    )
  })

  it('does not exist when the playbook names none', () => {
    expect(decide(playbook(), bandChanged(), ranAt('2026-01-31T09:00:00Z')).kind).toBe('start')
  })
})

describe('dedupe', () => {
  it('holds back while a run of the same key is under way', () => {
    const state = started(nothing, { runId: 'first', occurredAt: new Date('2026-01-01T00:00:00Z') })
    expect(decide(playbook(), bandChanged(), state)).toEqual({ kind: 'held-back', reason: 'duplicate', by: 'first' })
  })

  it('keys by account, or by account and band', () => {
    expect(dedupeKeyOf(playbook().document, bandChanged())).toBe(ACCOUNT)
    const byBand = playbook({ dedupe: 'account-and-band' }).document
    expect(dedupeKeyOf(byBand, bandChanged({ to: 'amber' }))).toBe(`${ACCOUNT}/amber`)
    expect(dedupeKeyOf(byBand, bandChanged({ to: null }))).toBe(`${ACCOUNT}/none`)
  })
})
