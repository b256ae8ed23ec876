import { topicNamed } from '@banso/contracts'
import { type MessageHandler, Server } from '@nestjs/microservices'
import { isObservable, lastValueFrom } from 'rxjs'
import type { IncomingEvent } from '../events.ts'
import type { Outcome, Outcomes } from '../outcome.ts'
import type { Chunk } from '../work.ts'
import type { TopicHandler } from './handlers.ts'

/** What consumes for the strategy. */
export interface TopicConsumer {
  start(handlers: readonly TopicHandler[]): Promise<void>
  stop(): Promise<void>
}

/**
 * Nest's transport for event handlers: `@EventPattern(topic, { types })` methods get the events of a chunk as one array
 * and the `Chunk` as their context. One handler per topic.
 */
export class EventsStrategy extends Server {
  override readonly propagatesEventHandlerErrors = true

  constructor(private readonly consumer: TopicConsumer) {
    super()
  }

  /** `callback` gets the fault when the consumption cannot start. */
  override async listen(callback: (fault?: unknown) => void): Promise<void> {
    const fault = await this.#start().then(
      () => undefined,
      (reason: unknown) => reason ?? new Error('the consumption did not start'),
    )
    callback(fault)
  }

  override async close(): Promise<void> {
    await this.consumer.stop()
  }

  override on(): never {
    throw new Error('the events strategy has no events of its own')
  }

  override unwrap(): never {
    throw new Error('the events strategy wraps nothing')
  }

  async #start(): Promise<void> {
    const handlers = [...this.getHandlers()].map(([pattern, handler]) => topicHandlerOf(pattern, handler))
    await this.consumer.start(handlers)
  }
}

const topicHandlerOf = (pattern: string, handler: MessageHandler<unknown, unknown, unknown>): TopicHandler => {
  const topic = topicNamed(pattern)
  if (!topic) throw new Error(`${pattern} is not a topic of ours`)
  if (!handler.isEventHandler) throw new Error(`${pattern}: topics are handled by @EventPattern, not @MessagePattern`)
  if (handler.next) throw new Error(`${pattern} has more than one handler in this service`)
  const types = typesOf(handler.extras?.['types'])
  const unknown = [...(types ?? [])].filter((type) => !topic.types.includes(type))
  if (unknown.length > 0) throw new Error(`${pattern} does not carry ${unknown.join(', ')}`)
  return {
    topic,
    ...(types && { types }),
    handle: async (events, chunk) => outcomesOf(pattern, events, await answerOf(handler, events, chunk)),
  }
}

const typesOf = (types: unknown): ReadonlySet<string> | undefined =>
  Array.isArray(types) ? new Set(types.filter((type) => typeof type === 'string')) : undefined

const answerOf = async (
  handler: MessageHandler<unknown, unknown, unknown>,
  events: readonly IncomingEvent[],
  chunk: Chunk,
): Promise<unknown> => {
  const answer: unknown = await handler(events, chunk)
  return isObservable(answer) ? lastValueFrom(answer, { defaultValue: undefined }) : answer
}

const outcomesOf = (pattern: string, events: readonly IncomingEvent[], answer: unknown): Outcomes | undefined => {
  if (answer === undefined) return undefined
  if (Array.isArray(answer) && answer.length === events.length && answer.every(isOutcome)) return answer
  throw new Error(`the handler of ${pattern} must answer nothing, or one outcome per event`)
}

const isOutcome = (value: unknown): value is Outcome => {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  if (value.kind === 'done') return true
  return (
    (value.kind === 'skip' || value.kind === 'retry' || value.kind === 'dead') &&
    'reason' in value &&
    typeof value.reason === 'string'
  )
}
