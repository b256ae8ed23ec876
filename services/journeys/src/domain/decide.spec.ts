import { describe, expect, it } from '@jest/globals'
import { decide } from './decide.ts'
import { type Entry, type Flagged, type JourneyState, type Pacing, type Underway, WAITING } from './state.ts'

const ORDER = ['onboarding', 'adoption', 'expansion']
const entry = (stage: string, at: string, direction: Entry['direction'] = 'forward'): Entry => ({
  stage,
  at,
  from: direction === 'first' ? null : 'onboarding',
  direction,
  reason: `to ${stage}`,
  values: {},
  evidence: ['e1'],
})
const first = entry('onboarding', '2026-01-01', 'first')
const pacing = (pace: Pacing['pace']): Pacing => ({ pace, at: '2026-02-01', reason: pace, values: {} })
const down: Flagged = { raised: false, at: '2026-01-01', reason: 'used again', values: {} }
const state = (given: Partial<Underway> = {}): Underway => ({
  status: 'active',
  day: 1,
  entries: [first],
  pace: pacing('on-track'),
  reached: {},
  paces: {},
  flags: { stalled: down, dormant: down, 'at-risk': down },
  ...given,
})
const told = (before: Parameters<typeof decide>[0], after: Underway) =>
  decide(before, after, ORDER).map((progress) => [
    progress.type,
    progress.stage,
    'to' in progress
      ? progress.to
      : 'flag' in progress
        ? progress.flag
        : 'milestone' in progress
          ? progress.milestone
          : progress.direction,
  ])
const scored = (given: Partial<Flagged>) =>
  state({ flags: { stalled: down, dormant: down, 'at-risk': { ...down, ...given } } })
const risk = (before: JourneyState, given: Partial<Flagged>) =>
  decide(before, scored({ raised: true, ...given }), ORDER).at(-1)
const reached = (at: string) => ({ at, reason: 'r', values: {}, evidence: [], how: 'automatic' as const })

describe('what is told of an account', () => {
  it('is nothing as long as nothing is new', () => {
    expect(decide(WAITING, WAITING, ORDER)).toEqual([])
    expect(decide(state(), state({ day: 2 }), ORDER)).toEqual([])
  })

  it('begins with the first stage, and ends with what it is in now', () => {
    const after = state({
      entries: [first, entry('adoption', '2026-01-05')],
      reached: { activation: reached('2026-01-05'), login: reached('2026-01-02') },
      pace: pacing('behind'),
      flags: { stalled: down, dormant: { ...down, raised: true }, 'at-risk': down },
    })
    expect(told(WAITING, after)).toEqual([
      ['stage-entered', 'onboarding', 'first'],
      ['milestone-reached', 'onboarding', 'login'],
      ['milestone-reached', 'onboarding', 'activation'],
      ['stage-entered', 'adoption', 'forward'],
      ['pace-changed', 'adoption', 'behind'],
      ['flag-raised', 'adoption', 'dormant'],
    ])
  })

  it('counts pace anew in a new stage', () => {
    const before = state({ pace: pacing('stuck'), paces: { login: pacing('behind') } })
    const entries: Underway['entries'] = [first, entry('adoption', '2026-01-05')]
    expect(told(before, state({ entries }))).toEqual([['stage-entered', 'adoption', 'forward']])
    expect(told(before, state({ entries, pace: pacing('stuck') }))).toEqual([
      ['stage-entered', 'adoption', 'forward'],
      ['pace-changed', 'adoption', 'stuck'],
    ])
    expect(told(before, state({ pace: pacing('on-track') }))).toEqual([['pace-changed', 'onboarding', 'on-track']])
  })

  it('tells of milestones that fall behind', () => {
    const before = state({ paces: { login: pacing('behind'), invite: pacing('on-track') } })
    expect(told(before, state({ paces: { login: pacing('stuck'), invite: pacing('on-track') } }))).toEqual([
      ['pace-changed', 'onboarding', 'stuck'],
    ])
    expect(told(before, state({ reached: { login: reached('2026-01-05') }, paces: {} }))).toEqual([
      ['milestone-reached', 'onboarding', 'login'],
    ])
  })

  it('clears a flag with what ended it', () => {
    const before = state({ flags: { stalled: down, dormant: { ...down, raised: true }, 'at-risk': down } })
    expect(decide(before, state(), ORDER)).toEqual([
      {
        type: 'flag-cleared',
        first: false,
        flag: 'dormant',
        stage: 'onboarding',
        at: '2026-01-01',
        reason: 'used again',
        values: {},
        evidence: [],
      },
    ])
  })

  it('tells of risk that was there from the first score on as first', () => {
    expect(risk(WAITING, { first: true })).toMatchObject({ type: 'flag-raised', flag: 'at-risk', first: true })
    expect(risk(scored({}), { first: true })).toMatchObject({ type: 'flag-raised', first: true })
    expect(risk(WAITING, {})).toMatchObject({ type: 'flag-raised', first: false })
    expect(risk(scored({ raised: true }), { raised: false, first: true })).toMatchObject({
      type: 'flag-cleared',
      first: true,
    })
  })

  it('tells the present stage alone when what came late says otherwise of the past', () => {
    const before = state({ entries: [first, entry('adoption', '2026-01-05'), entry('expansion', '2026-02-05')] })
    const corrected = state({ entries: [first, entry('adoption', '2026-01-03')] })
    expect(decide(before, corrected, ORDER)).toMatchObject([
      { type: 'stage-entered', stage: 'adoption', from: 'expansion', direction: 'back', at: '2026-01-03' },
    ])
    const sooner = state({ entries: [first, entry('adoption', '2026-01-02'), entry('expansion', '2026-02-01')] })
    expect(decide(before, sooner, ORDER)).toEqual([])
  })
})
