import { describe, expect, it } from '@jest/globals'
import { fromHeaders, HEADER, toHeaders } from './index.ts'

const event = {
  id: '83709402-b0ba-44cc-8563-e98fd6c0fde1',
  type: 'health.band-changed.v1',
  source: '/banso/health',
  time: new Date('2026-01-15T01:40:12.900Z'),
}

describe('CloudEvents headers', () => {
  it('give back what was put in', () => {
    expect(fromHeaders(toHeaders(event))).toEqual(event)
    expect(fromHeaders(toHeaders({ ...event, subject: 'a' }))).toEqual({ ...event, subject: 'a' })
  })

  it.each([HEADER.specversion, HEADER.id, HEADER.type, HEADER.source, HEADER.time])(
    'name %s when it is missing',
    (name) => {
      const { [name]: _left, ...headers } = toHeaders(event)
      expect(fromHeaders(headers)).toEqual({ faults: [name] })
    },
  )

  it('name every fault at once', () => {
    expect(fromHeaders({ [HEADER.specversion]: '0.3', [HEADER.time]: 'yesterday', [HEADER.id]: 'x' })).toEqual({
      faults: [HEADER.specversion, HEADER.type, HEADER.source, HEADER.time],
    })
  })
})
