import type { TriggerFact } from '@banso/conditions'
import { describe, expect, it } from '@jest/globals'
import { facts, inBand, occasion } from '../../test/occasions.ts'
import type { Trigger } from './document.ts'
import { matches, presentState } from './matches.ts'

const said = (on: Trigger['on'], trigger: Partial<TriggerFact>) => occasion({ on, trigger })

describe('what a trigger waits for', () => {
  it.each<[Trigger, Partial<TriggerFact>, boolean]>([
    [{ on: 'band-changed' }, { to: 'amber' }, true],
    [{ on: 'band-changed', to: ['red'] }, { to: 'amber' }, false],
    [{ on: 'band-changed', to: ['red'] }, { to: null }, false],
    [{ on: 'band-changed', from: ['amber'], to: ['red'] }, { from: 'green', to: 'red' }, false],
    [{ on: 'band-changed', from: ['amber'], to: ['red'] }, { from: 'amber', to: 'red' }, true],
    [{ on: 'score-moved', by: 15 }, { movedBy: -15 }, true],
    [{ on: 'score-moved', by: 15 }, { movedBy: -14.9 }, false],
    [{ on: 'score-moved', by: 10, direction: 'down' }, { movedBy: 20 }, false],
    [{ on: 'score-moved', by: 10, direction: 'up' }, { movedBy: 20 }, true],
    [{ on: 'alarm-raised' }, {}, true],
    [{ on: 'stage-entered', stage: ['adoption'] }, { stage: 'adoption', journey: 'starter' }, true],
    [{ on: 'stage-entered', journey: 'other' }, { stage: 'adoption', journey: 'starter' }, false],
    [{ on: 'stage-entered', direction: ['back'] }, { direction: 'forward' }, false],
    [{ on: 'milestone-reached', milestone: ['activated'] }, { milestone: 'activated' }, true],
    [{ on: 'pace-changed', to: ['stuck'] }, { to: 'behind' }, false],
    [{ on: 'pace-changed', to: ['stuck'], from: ['behind'] }, { from: 'behind', to: 'stuck' }, true],
    [{ on: 'flag-raised', flag: ['stalled'], stage: ['onboarding'] }, { flag: 'stalled', stage: 'onboarding' }, true],
    [{ on: 'flag-cleared', flag: ['stalled'] }, { flag: 'dormant' }, false],
    [{ on: 'ticket-opened', priority: ['urgent', 'high'] }, { priority: 'high' }, true],
    [{ on: 'ticket-opened', priority: ['urgent'] }, { priority: null }, false],
    [{ on: 'ticket-status-changed', status: ['solved'] }, { status: 'solved' }, true],
    [{ on: 'ticket-replied', by: 'customer' }, { by: 'agent' }, false],
    [{ on: 'ticket-rated', rating: ['bad'] }, { rating: 'bad' }, true],
    [{ on: 'ticket-rated', rating: ['bad'], priority: ['low'] }, { rating: 'bad', priority: 'high' }, false],
    [{ on: 'schedule', every: 'day', at: '09:00' }, {}, true],
  ])('%j, told %j: %s', (trigger, facts_, expected) => {
    expect(matches(trigger, said(trigger.on, facts_))).toBe(expected)
  })

  it('never what is told of something else', () => {
    expect(matches({ on: 'flag-raised' }, said('flag-cleared', { flag: 'stalled' }))).toBe(false)
  })
})

describe('accounts that are already as a trigger says', () => {
  const now = new Date('2026-01-31T09:00:00Z')
  const { journey } = facts()
  const present = (trigger: Trigger, of = facts()) => presentState(trigger, of, now)

  it('are told as the trigger would have told it', () => {
    expect(present({ on: 'band-changed' }, inBand('red'))).toMatchObject([{ type: 'band-changed', to: 'red' }])
    expect(present({ on: 'stage-entered' })).toMatchObject([{ journey: 'starter', stage: 'adoption', to: 'adoption' }])
    expect(present({ on: 'pace-changed' })).toMatchObject([{ pace: 'on-track', to: 'on-track' }])
    const two = facts({ journey: { ...journey, milestones: ['first', 'second'], dormant: true, atRisk: true } })
    expect(present({ on: 'milestone-reached' }, two).map(({ milestone }) => milestone)).toEqual(['first', 'second'])
    expect(present({ on: 'flag-raised' }, two).map(({ flag }) => flag)).toEqual(['dormant', 'at-risk'])
  })

  it('are none where nothing is known of them, or the trigger tells of no state', () => {
    const unknown = facts({ journey: { ...journey, name: null, stage: null } })
    expect(present({ on: 'stage-entered' }, unknown)).toEqual([])
    expect(present({ on: 'alarm-raised' })).toEqual([])
    expect(present({ on: 'pace-changed', from: ['behind'] })).toEqual([])
  })
})
