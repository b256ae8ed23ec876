import { describe, expect, it } from '@jest/globals'
import { documentOf } from './document-of.ts'

const action = { kind: 'webhook', url: 'https://hooks.example.com/' } as const

describe('what a specification means', () => {
  it('an action alone is a step, at work at once', () => {
    expect(documentOf({ trigger: { on: 'score-moved' }, action })).toEqual({
      enabled: true,
      mode: 'active',
      trigger: { on: 'score-moved', by: 10 },
      dedupe: 'account',
      selling: false,
      steps: [{ id: 'action', action, onFailure: 'fail' }],
    })
  })

  it('steps only observe, unless they are said to be active', () => {
    const steps = [{ id: 'tell', action }]
    const trigger = { on: 'alarm-raised' } as const
    expect(documentOf({ trigger, steps }).mode).toBe('observe')
    expect(documentOf({ trigger, steps, mode: 'active' }).mode).toBe('active')
  })

  it('ways that are left out are empty', () => {
    const inner = { id: 'inner', action }
    const { steps } = documentOf({
      trigger: { on: 'alarm-raised' },
      steps: [
        { id: 'until', wait: { condition: 'tickets.open == 0', limit: 'P1D' } },
        { id: 'which', branch: [{ when: 'tickets.open > 0', steps: [inner] }] },
      ],
    })
    expect(steps).toEqual([
      { id: 'until', wait: { condition: 'tickets.open == 0', limit: 'P1D', onLimit: [] } },
      {
        id: 'which',
        branch: [{ when: 'tickets.open > 0', steps: [{ ...inner, onFailure: 'fail' }] }],
        otherwise: [],
      },
    ])
  })
})
