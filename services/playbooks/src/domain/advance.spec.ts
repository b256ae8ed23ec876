import { describe, expect, it } from '@jest/globals'
import { facts, inBand } from '../../test/occasions.ts'
import { advance, type Advanced, begin, revive } from './advance.ts'
import type { Context } from './enter-step.ts'
import { LocalTime } from './local-time.ts'
import { programOf } from './program.ts'
import type { RunState } from './run-state.ts'
import type { ActionStep, Step } from './steps.ts'

const NOW = '2026-01-31T09:00:00.000Z'
const action = (id: string, overrides: Partial<ActionStep> = {}): ActionStep => ({
  id,
  action: { kind: 'webhook', url: 'https://hooks.example.com/' },
  onFailure: 'fail',
  ...overrides,
})
const goal: Step = { id: 'healthy', goal: 'health.band == "green"' }
const inDays = (days: number) => new Date(Date.parse(NOW) + days * 86_400_000)

const context = (steps: readonly Step[], overrides: Partial<Context> = {}): Context => ({
  program: programOf(steps),
  now: new Date(NOW),
  local: new LocalTime('Asia/Tokyo'),
  facts: facts(),
  paused: false,
  capReached: () => false,
  ...overrides,
})

const did = ({ trail }: Advanced) => trail.map(({ step, did: what }) => `${step} ${what}`)
const done = (step: string) => ({ kind: 'settled', step, outcome: { kind: 'done' } }) as const
const failed = (step: string) => ({ kind: 'settled', step, outcome: { kind: 'failed', reason: 'gone' } }) as const

describe('an action', () => {
  const steps = [action('tell'), action('ask')]

  it('is requested, and the next when it is done', () => {
    const begun = begin(context(steps))
    expect(begun.outputs).toMatchObject([{ kind: 'request', step: 'tell' }])
    const next = advance(begun.state, done('tell'), context(steps))
    expect(next.outputs).toMatchObject([{ kind: 'request', step: 'ask' }])
    expect(advance(next.state, done('ask'), context(steps))).toMatchObject({ state: { status: 'done' }, outputs: [] })
  })

  it('that fails ends the run, or lets it go on, as the step says', () => {
    const { state } = begin(context(steps))
    expect(advance(state, failed('tell'), context(steps)).state).toMatchObject({ status: 'failed', reason: 'gone' })
    const lenient = [action('tell', { onFailure: 'continue' }), action('ask')]
    expect(advance(state, failed('tell'), context(lenient)).outputs).toMatchObject([{ kind: 'request', step: 'ask' }])
  })

  it('that failed the run lets it go on from there when it is asked for again, its goals in force', () => {
    const red = context([goal, ...steps], { facts: inBand('red') })
    const { state } = advance(begin(red).state, failed('tell'), red)
    const revived = revive(state, 'tell')
    const waiting = { step: 'tell', waiting: { for: 'action' }, goals: ['healthy'] }
    expect(revived).toMatchObject({ outputs: [], state: waiting })
    expect(revive(state, 'ask')).toBeNull()
    expect(revive(revived?.state ?? state, 'tell')).toBeNull()
    expect(did(advance(revived?.state ?? state, done('tell'), red))).toEqual(['ask action-requested'])
  })

  it('of a playbook that sells waits, under way too, until no serious ticket is open', () => {
    const selling = { program: programOf(steps, { selling: true }) }
    const serious = context(steps, {
      ...selling,
      facts: facts({ tickets: { open: 1, serious: 1, oldestSeriousDays: 0 } }),
    })
    const calm = context(steps, selling)
    const waits = advance(begin(calm).state, done('tell'), serious)
    expect(waits).toMatchObject({ outputs: [], state: { step: 'ask', waiting: { for: 'serious-ticket' } } })
    expect(did(waits)).toEqual(['ask serious-ticket'])
    expect(advance(waits.state, { kind: 'look' }, serious).state).toBe(waits.state)
    expect(advance(waits.state, done('ask'), serious).state).toBe(waits.state)
    expect(advance(waits.state, { kind: 'look' }, calm).outputs).toMatchObject([{ kind: 'request', step: 'ask' }])
  })

  it('waits for the next day of the installation where its daily cap is reached', () => {
    const waits = begin(context(steps, { capReached: (step) => step === 'tell' }))
    expect(waits.state).toMatchObject({ waiting: { for: 'cap', until: '2026-01-31T15:00:00.000Z' } })
    expect(advance(waits.state, done('tell'), context(steps)).state).toBe(waits.state)
    const tomorrow = context(steps, { now: new Date('2026-01-31T15:00:00Z') })
    expect(advance(waits.state, { kind: 'due', step: 'tell' }, tomorrow).outputs).toMatchObject([{ kind: 'request' }])
  })
})

describe('a wait', () => {
  it.each([
    [{ for: 'PT36H' }, '2026-02-01T21:00:00.000Z'],
    [{ until: '2026-03-01T00:00:00Z' }, '2026-03-01T00:00:00.000Z'],
    [{ time: '09:00' }, '2026-02-01T00:00:00.000Z'],
  ])('%j lasts until %s', (wait, until) => {
    const steps: Step[] = [{ id: 'pause', wait }, action('tell')]
    const { state, outputs } = begin(context(steps))
    expect(outputs).toEqual([{ kind: 'wake', step: 'pause', at: new Date(until) }])
    const early = advance(state, { kind: 'due', step: 'pause' }, context(steps))
    expect(early).toMatchObject({ state, outputs: [{ kind: 'wake', at: new Date(until) }] })
    const late = context(steps, { now: inDays(60) })
    expect(advance(state, { kind: 'due', step: 'pause' }, late).outputs).toMatchObject([{ kind: 'request' }])
  })

  it('until an instant that has passed is none', () => {
    const steps: Step[] = [{ id: 'pause', wait: { until: '2026-01-01T00:00:00Z' } }, action('tell')]
    expect(begin(context(steps)).outputs).toMatchObject([{ kind: 'request', step: 'tell' }])
  })

  const recovers: Step[] = [
    {
      id: 'recovers',
      wait: { condition: 'health.band != "red"', limit: 'P14D', onLimit: [action('escalate')] },
    },
    action('thank'),
  ]
  const red = { facts: inBand('red') }

  it('until a condition goes on when the facts say so, and needs no timer any more', () => {
    const { state, outputs } = begin(context(recovers, red))
    expect(outputs).toEqual([{ kind: 'wake', step: 'recovers', at: inDays(14) }])
    expect(advance(state, { kind: 'look' }, context(recovers, red)).state).toBe(state)
    const met = advance(state, { kind: 'look' }, context(recovers))
    expect(met.outputs).toMatchObject([{ kind: 'cancel-wake' }, { kind: 'request', step: 'thank' }])
    expect(met.trail[0]).toMatchObject({ did: 'condition-met', detail: { used: { 'health.band': 'green' } } })
  })

  it('takes its own way at the limit, and comes back to what follows', () => {
    const { state } = begin(context(recovers, red))
    const limit = context(recovers, { ...red, now: inDays(14) })
    const late = advance(state, { kind: 'due', step: 'recovers' }, limit)
    expect(late.outputs).toMatchObject([{ kind: 'request', step: 'escalate' }])
    expect(advance(late.state, done('escalate'), limit).outputs).toMatchObject([{ kind: 'request', step: 'thank' }])
  })
})

describe('branches and exits', () => {
  const steps: Step[] = [
    {
      id: 'which',
      branch: [
        { when: 'health.band == "red"', steps: [action('call')] },
        { when: 'health.score > 70.0', steps: [{ id: 'leave', exit: true }] },
      ],
      otherwise: [action('write')],
    },
    action('note'),
  ]
  const at = (band: 'red' | 'amber', score: number) =>
    context(steps, { facts: { ...inBand(band), health: { ...inBand(band).health, score } } })

  it('take the first case that holds, otherwise the other way, and meet again', () => {
    expect(did(begin(at('red', 90)))).toEqual(['which branch-taken', 'call action-requested'])
    expect(begin(at('red', 90)).trail[0]?.detail).toMatchObject({ case: 0 })
    const other = begin(at('amber', 50))
    expect(other.trail[0]?.detail).toMatchObject({ case: 'otherwise' })
    expect(advance(other.state, done('write'), at('amber', 50)).outputs).toMatchObject([{ step: 'note' }])
  })

  it('end the run where it is said to leave', () => {
    expect(begin(at('amber', 80)).state).toEqual({ status: 'exited' })
  })
})

describe('a goal', () => {
  const steps = [goal, action('tell'), action('ask')]
  const red = context(steps, { facts: inBand('red') })

  it('that is met ends the run wherever it waits', () => {
    const { state } = begin(red)
    expect(state).toMatchObject({ step: 'tell', goals: ['healthy'] })
    expect(advance(state, { kind: 'look' }, context(steps)).state).toEqual({ status: 'goal' })
    expect(advance(state, failed('tell'), context(steps)).state).toEqual({ status: 'goal' })
    expect(begin(context(steps)).state).toEqual({ status: 'goal' })
  })

  it('counts from where it stands on', () => {
    const later = [action('tell'), goal, action('ask')]
    const { state } = begin(context(later))
    expect(advance(state, { kind: 'look' }, context(later)).state).toBe(state)
    expect(advance(state, done('tell'), context(later)).state).toEqual({ status: 'goal' })
  })
})

describe('a pause', () => {
  const steps: Step[] = [{ id: 'pause', wait: { for: 'P1D' } }, action('tell'), action('ask')]
  const paused = context(steps, { paused: true, now: inDays(2) })

  it('holds what comes, once, and lets it go when it ends', () => {
    const { state } = begin(context(steps))
    const held = advance(state, { kind: 'due', step: 'pause' }, paused)
    expect(held).toMatchObject({ state: { held: [{ kind: 'due' }] }, outputs: [] })
    expect(advance(held.state, { kind: 'due', step: 'pause' }, paused).state).toBe(held.state)
    const after = advance(held.state, { kind: 'look' }, context(steps, { now: inDays(3) }))
    expect(after.outputs).toMatchObject([{ kind: 'request', step: 'tell' }])
    expect(after.state).toMatchObject({ held: [] })
  })

  it('keeps what an action came to', () => {
    const sent: RunState = { status: 'running', step: 'tell', waiting: { for: 'action' }, goals: [], held: [] }
    const held = advance(sent, done('tell'), paused)
    expect(held.outputs).toEqual([])
    const after = advance(held.state, { kind: 'look' }, context(steps))
    expect(after.outputs).toMatchObject([{ kind: 'request', step: 'ask' }])
  })
})
