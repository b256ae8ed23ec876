import { describe, expect, it } from '@jest/globals'
import { faultsOf } from './faults-of.ts'
import type { PlaybookSpec } from './playbook-schema.ts'
import type { StepSpec } from './step-schema.ts'

const task = (id: string): StepSpec => ({ id, action: { kind: 'task', title: 'Call', owner: 'owner', dueIn: 'P1D' } })
const spec = (overrides: Partial<PlaybookSpec> = {}): PlaybookSpec => ({
  trigger: { on: 'band-changed', to: ['red'] },
  steps: [task('call')],
  ...overrides,
})
const pointers = (overrides: Partial<PlaybookSpec>) => faultsOf(spec(overrides)).map(({ pointer }) => pointer)
const nested = (depth: number): StepSpec =>
  depth === 1
    ? task('inmost')
    : { id: `level-${depth}`, branch: [{ when: 'tickets.open > 0', steps: [nested(depth - 1)] }] }

describe('faults of a playbook', () => {
  it('are none where all is well', () => {
    const wait = { condition: 'health.band != "red"', limit: 'P366D', onLimit: [task('escalate')] }
    const steps: StepSpec[] = [
      { id: 'well', goal: 'health.score > 70.0' },
      { id: 'until', wait },
      { id: 'deep', branch: [{ when: 'tickets.open > 0', steps: [nested(4)] }], otherwise: [task('other')] },
    ]
    expect(
      faultsOf(spec({ steps, condition: 'trigger.from == "green"', audience: 'account.segment == "all"' })),
    ).toEqual([])
  })

  it('say where in a condition they are', () => {
    const [fault] = faultsOf(spec({ condition: 'trigger.from == "green" &&\n  health.scor > 3' }))
    expect(fault).toMatchObject({ pointer: '/spec/condition', code: 'CONDITION_INVALID', line: 2 })
    expect(fault?.column).toBeGreaterThan(1)
  })

  it.each<[string, Partial<PlaybookSpec>, string]>([
    ['a condition of the account that asks for the trigger', { audience: 'trigger.to == "red"' }, '/spec/audience'],
    ['a goal that is none', { steps: [{ id: 'g', goal: '1 +' }] }, '/spec/steps/0/goal'],
    [
      'a case that is none, in a step inside another',
      {
        steps: [
          { id: 'b', branch: [{ when: 'tickets.open > 0', steps: [task('x')] }], otherwise: [{ id: 'c', goal: '(' }] },
        ],
      },
      '/spec/steps/0/otherwise/0/goal',
    ],
    ['a wait of no time', { steps: [{ id: 'w', wait: { for: 'PT0S' } }] }, '/spec/steps/0/wait/for'],
    [
      'a limit of over a year',
      { steps: [{ id: 'w', wait: { condition: 'tickets.open == 0', limit: 'P367D' } }] },
      '/spec/steps/0/wait/limit',
    ],
    ['two steps of one name', { steps: [task('call'), task('call')] }, '/spec/steps/1/id'],
    ['steps too deep', { steps: [nested(6)] }, `/spec/steps/0${'/branch/0/steps/0'.repeat(5)}`],
    ['too many steps', { steps: Array.from({ length: 101 }, (_, at) => task(`task-${at}`)) }, '/spec/steps'],
    ['a cool-down in months', { coolDown: 'P1M' }, '/spec/coolDown'],
    ['a key of another trigger', { dedupe: 'ticket' }, '/spec/dedupe'],
    [
      'existing accounts of a trigger without a state',
      { trigger: { on: 'alarm-raised' }, firstActivation: 'existing' },
      '/spec/firstActivation',
    ],
    ['steps and an action', { action: { kind: 'webhook', url: 'https://x.example/' } }, '/spec/action'],
  ])('%s', (_, overrides, pointer) => {
    expect(pointers(overrides)).toContain(pointer)
  })

  it('neither steps nor an action', () => {
    expect(faultsOf({ trigger: { on: 'alarm-raised' } })).toMatchObject([{ pointer: '/spec' }])
  })
})
