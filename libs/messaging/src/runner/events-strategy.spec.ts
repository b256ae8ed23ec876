import type { MessageHandler } from '@nestjs/microservices'
import { describe, expect, it } from '@jest/globals'
import { of, throwError } from 'rxjs'
import type { Chunk } from '../work.ts'
import { decodedOf } from '../../test/records.suite.ts'
import { EventsStrategy } from './events-strategy.ts'
import type { TopicHandler } from './handlers.ts'

const USAGE = 'ingestion.usage-events.v1'
const events = decodedOf('a b').map(({ event }) => event)
const chunk = {} as Chunk

interface Registered {
  readonly topic?: string
  readonly extras?: object
  readonly isEvent?: boolean
  readonly answer?: unknown
}

/** What the strategy starts with for one registered handler, or the fault it tells. */
const started = async ({ topic = USAGE, extras = {}, isEvent = true, answer }: Registered) => {
  let handlers: readonly TopicHandler[] = []
  const strategy = new EventsStrategy({
    start: async (found) => void (handlers = found),
    stop: async () => undefined,
  })
  const callback: MessageHandler = async () => answer
  strategy.addHandler(topic, callback, isEvent, extras)
  const faults: unknown[] = []
  await strategy.listen((fault) => void faults.push(fault))
  const [handler] = handlers
  return { handler, fault: faults[0] }
}

const handled = async (answer: unknown) => {
  const { handler } = await started({ answer })
  if (!handler) throw new Error('no handler was started')
  return handler.handle(events, chunk)
}

describe('the events strategy', () => {
  it('starts with the topic and the types of a handler', async () => {
    const types = ['ingestion.product-used.v1']
    expect((await started({ extras: { types } })).handler).toMatchObject({
      topic: { name: USAGE },
      types: new Set(types),
    })
    expect((await started({})).handler?.types).toBeUndefined()
  })

  it.each([
    ['a topic that is not ours', { topic: 'another.topic.v1' }, 'another.topic.v1 is not a topic of ours'],
    ['a message pattern', { isEvent: false }, `${USAGE}: topics are handled by @EventPattern`],
    ['a type of another topic', { extras: { types: ['health.band-changed.v1'] } }, `${USAGE} does not carry health.`],
  ])('refuses %s', async (_, registered, message) => {
    const { fault } = await started(registered)
    expect(fault instanceof Error && fault.message).toContain(message)
  })

  it('takes nothing for an answer, outcomes, and an observable of them', async () => {
    const outcomes = [{ kind: 'done' }, { kind: 'retry', reason: 'not yet' }]
    expect(await handled(undefined)).toBeUndefined()
    expect(await handled(outcomes)).toEqual(outcomes)
    expect(await handled(of(outcomes))).toEqual(outcomes)
  })

  it('passes on what an observable fails with, as it is', async () => {
    const fault = new RangeError('of it')
    await expect(handled(throwError(() => fault))).rejects.toBe(fault)
  })

  it.each([
    ['fewer outcomes than events', [{ kind: 'done' }]],
    ['an outcome of no kind', [{ kind: 'done' }, { kind: 'later' }]],
    ['a reason that is missing', [{ kind: 'done' }, { kind: 'dead' }]],
    ['something else', 'done'],
  ])('refuses %s for an answer', async (_, answer) => {
    await expect(handled(answer)).rejects.toThrow('must answer nothing, or one outcome per event')
  })
})
