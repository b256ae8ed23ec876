import { topicList } from '@banso/contracts'
import { BansoError } from '@banso/platform'
import { setTimeout as delay } from 'node:timers/promises'
import { CompactedEcho, type EchoOptions } from './runner/compacted/compacted-echo.ts'
import { isAway } from './runner/faults.ts'
import { EventsConsumer } from './runner/events-consumer.ts'
import type { TopicConsumer } from './runner/events-strategy.ts'
import type { TopicHandler } from './runner/handlers.ts'
import type { RunnerContext } from './runner/runner-context.ts'

export interface ServiceRunnerOptions {
  readonly context: RunnerContext
  readonly echoes: readonly EchoOptions[]
  readonly onCrash: (fault: unknown) => void
}

interface Consumer {
  start(): Promise<void>
  stop(): Promise<void>
  checkHealth(): Promise<void>
}

const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 10_000
/** While the log or the database is away. */
const AWAY_PAUSE_MS = 2_000

/** The log could not be reached since the service started. */
export class ConsumptionNotStartedError extends BansoError {
  override readonly code = 'CONSUMPTION_NOT_STARTED'
  override readonly status = 503
}

/**
 * Everything of a service that consumes. Starting does not wait for the log: a service also starts while it is away, and
 * consumes when it is back.
 */
export class ServiceRunner implements TopicConsumer {
  readonly #stopping = new AbortController()
  #handlers: readonly TopicHandler[] = []
  #waiting: Consumer[] = []
  #running: Consumer[] = []
  #starting: Promise<void> = Promise.resolve()
  #notYet = 'the consumption has not started yet'

  constructor(private readonly options: ServiceRunnerOptions) {}

  /** The topics that have a handler. */
  get handlers(): readonly TopicHandler[] {
    return this.#handlers
  }

  start(handlers: readonly TopicHandler[]): Promise<void> {
    const { context, echoes, onCrash } = this.options
    this.#handlers = handlers
    this.#waiting = echoes.map(
      (echo) => new CompactedEcho({ ...context, group: `${context.group}-echo` }, echo, onCrash),
    )
    if (handlers.length > 0) this.#waiting.push(new EventsConsumer(context, handlers, onCrash))
    this.#starting = this.#startAll()
    return Promise.resolve()
  }

  /** Resolves when no chunk is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    await this.#starting
    await Promise.all(this.#running.map((consumer) => consumer.stop()))
    this.#running = []
  }

  /** Rejects with a BansoError that says what is not well. */
  async checkHealth(): Promise<void> {
    if (this.#waiting.length > 0) throw new ConsumptionNotStartedError(this.#notYet)
    await Promise.all(this.#running.map((consumer) => consumer.checkHealth()))
  }

  async #startAll(): Promise<void> {
    const { signal } = this.#stopping
    for (let nextMs = FIRST_PAUSE_MS; !signal.aborted;) {
      try {
        return await this.#startWaiting()
      } catch (err) {
        if (err instanceof BansoError) this.#notYet = `the consumption cannot start: ${err.message}`
        const longestMs = isAway(err) ? AWAY_PAUSE_MS : LONGEST_PAUSE_MS
        const pauseMs = Math.min(nextMs, longestMs)
        nextMs = Math.min(nextMs * 2, longestMs)
        this.options.context.logger.warn({ err, pauseMs }, 'the consumption could not start yet')
        await delay(pauseMs, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  async #startWaiting(): Promise<void> {
    const { log, work } = this.options.context
    const handled = this.#handlers.map(({ topic }) => topic)
    await log.ensureTopics([...topicList.filter(({ owner }) => owner === work.service), ...handled])
    for (let consumer = this.#waiting[0]; consumer && !this.#stopping.signal.aborted; consumer = this.#waiting[0]) {
      await consumer.start()
      this.#waiting.shift()
      this.#running.push(consumer)
    }
  }
}
