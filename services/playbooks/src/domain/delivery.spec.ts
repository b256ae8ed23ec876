import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Channel, type Fault, faultClassOf, progressAfter } from './delivery.ts'

const HOUR = 3_600_000
const answered = (channel: Channel, status: number, retryAfterMs = 0) =>
  progressAfter(channel, { kind: 'answered', status, retryAfterMs }, 1, 0)
const fault = (named: Fault, made: number) =>
  progressAfter('webhook', { kind: 'fault', fault: named, unsure: false }, made, 0)
const again = { kind: 'again', inMs: 5_000 }
const rejected = { kind: 'failed', reason: 'rejected', disable: false }

describe('what follows an attempt', () => {
  it.each(['webhook', 'slack', 'email'] as const)('of a %s that was taken: nothing', (channel) => {
    for (const status of [200, 202, 204, 250, 299]) expect(answered(channel, status)).toEqual({ kind: 'done' })
  })

  it.each([301, 302, 307, 308, 400, 404, 429, 500, 503])('of a webhook answered %d: another', (status) => {
    expect(answered('webhook', status)).toEqual(again)
  })

  it('of a webhook answered 410: none, and the endpoint is disabled', () => {
    expect(answered('webhook', 410)).toEqual({ kind: 'failed', reason: 'gone', disable: true })
  })

  it.each([400, 403, 404, 410])('of a Slack message answered %d: none, Slack means it', (status) => {
    expect(answered('slack', status)).toEqual(rejected)
  })

  it.each([302, 408, 429, 500, 503])('of a Slack message answered %d: another', (status) => {
    expect(answered('slack', status)).toEqual(again)
  })

  it('of a Slack message that came too soon: another when Slack says', () => {
    expect(answered('slack', 429, 60_000)).toEqual({ kind: 'again', inMs: 60_000 })
  })

  it.each([421, 450, 451, 452])('of a mail refused by %d: another', (status) => {
    expect(answered('email', status)).toEqual(again)
  })

  it.each([550, 552, 554])('of a mail refused by %d: none', (status) => {
    expect(answered('email', status)).toEqual(rejected)
  })

  it('of one that could not be made: none, for the reason that it could not', () => {
    expect(progressAfter('email', { kind: 'obstacle', obstacle: 'no-owner-address' }, 0, 0)).toEqual({
      kind: 'failed',
      reason: 'no-owner-address',
      disable: false,
    })
  })

  it('of a refused target: none; of any other fault: another until the table ends', () => {
    expect(fault('target-refused', 1)).toMatchObject({ reason: 'target-refused' })
    expect(fault('timeout', 9)).toEqual({ kind: 'again', inMs: 24 * HOUR })
    expect(fault('timeout', 10)).toEqual({ kind: 'failed', reason: 'attempts-exhausted', disable: false })
  })

  it('is an end after at most ten, whatever they come to', () => {
    const channels = fc.constantFrom<Channel>('webhook', 'slack', 'email')
    fc.assert(
      fc.property(
        channels,
        fc.integer({ min: 100, max: 599 }),
        fc.nat(),
        fc.double({ min: 0, max: 0.99 }),
        (...given) => {
          const [channel, status, retryAfterMs, random] = given
          const attempt = { kind: 'answered', status, retryAfterMs } as const
          const progress = progressAfter(channel, attempt, 10, random)
          expect(progress.kind).toBe(faultClassOf(attempt) === null ? 'done' : 'failed')
        },
      ),
    )
  })
})
