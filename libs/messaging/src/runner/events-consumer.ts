import { BansoError } from '@banso/platform'
import { QueryFailedError } from 'typeorm'
import { runChunks } from './chunk/run-chunks.ts'
import { GroupConsumer } from './consuming/group-consumer.ts'
import type { ChunkRequest, ChunkResult } from './consuming/process-chunk.ts'
import { failureOf } from './faults.ts'
import type { TopicHandler } from './handlers.ts'
import { ReleaseLoop } from './parking/release-loop.ts'
import type { RunnerContext } from './runner-context.ts'

/** Consumes topics for event handlers, exactly once in effect, and tries again what was parked. */
export class EventsConsumer {
  readonly #handlers: ReadonlyMap<string, TopicHandler>
  readonly #consumer: GroupConsumer
  readonly #releases: ReleaseLoop

  constructor(
    private readonly context: RunnerContext,
    handlers: readonly TopicHandler[],
    onCrash: (fault: unknown) => void,
  ) {
    this.#handlers = new Map(handlers.map((handler) => [handler.topic.name, handler]))
    this.#consumer = new GroupConsumer({
      ...context,
      topics: handlers.map((handler) => handler.topic),
      processChunks: (chunks) => runChunks(context, { handler: this.#handlerOf(chunks[0]?.topic ?? '') }, chunks),
      giveUp: (chunk, fault) => this.#giveUp(chunk, fault),
      onCrash,
    })
    this.#releases = new ReleaseLoop({
      context,
      handlers: this.#handlers,
      assigned: () => this.#consumer.lag(),
    })
  }

  async start(): Promise<void> {
    await this.#consumer.start()
    this.#releases.start()
  }

  async stop(): Promise<void> {
    await Promise.all([this.#consumer.stop(), this.#releases.stop()])
  }

  checkHealth(): Promise<void> {
    return this.#consumer.checkHealth()
  }

  // What the database or our own checks refuse at the end of a chunk comes from the message; anything else from us.
  async #giveUp(chunk: ChunkRequest, fault: unknown): Promise<ChunkResult> {
    if (!(fault instanceof QueryFailedError) && !(fault instanceof BansoError)) throw fault
    const handling = { handler: this.#handlerOf(chunk.topic), unhandled: failureOf(fault) }
    const [result] = await runChunks(this.context, handling, [chunk])
    if (!result) throw fault
    return result
  }

  #handlerOf(topic: string): TopicHandler {
    const handler = this.#handlers.get(topic)
    if (!handler) throw new Error(`${topic} has no handler`)
    return handler
  }
}
