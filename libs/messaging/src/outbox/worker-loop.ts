import type { Logger } from '@banso/platform'
import { setTimeout as delay } from 'node:timers/promises'
import { isAway } from '../runner/faults.ts'
import type { WakeUp } from './wake-up.ts'

export interface WorkerLoopOptions {
  readonly name: string
  /** Does some work; true: there may be more at once. */
  step(): Promise<boolean>
  readonly wake: WakeUp
  readonly logger: Logger
}

const POLL_MS = 200
const FIRST_PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000
/** While a store is away. */
const AWAY_PAUSE_MS = 1_000

/**
 * Repeats a step: at once while there is more to do, else when woken or after 200 ms; after a failure with a pause of
 * 200 ms, doubling to 5 s (to 1 s while a store is away), that a wake-up does not shorten.
 */
export class WorkerLoop {
  private running: { readonly ended: Promise<void>; readonly stop: AbortController } | undefined

  constructor(private readonly options: WorkerLoopOptions) {}

  start(): void {
    if (this.running) return
    const stop = new AbortController()
    this.running = { stop, ended: this.run(stop.signal) }
  }

  /** Resolves when the step under way has ended. */
  async stop(): Promise<void> {
    const { running } = this
    if (!running) return
    running.stop.abort()
    this.options.wake.call()
    await running.ended
    this.running = undefined
  }

  private async run(stop: AbortSignal): Promise<void> {
    let nextMs = FIRST_PAUSE_MS
    while (!stop.aborted) {
      try {
        const more = await this.options.step()
        nextMs = FIRST_PAUSE_MS
        if (!more && !stop.aborted) await this.options.wake.wait(POLL_MS)
      } catch (err) {
        const longestMs = isAway(err) ? AWAY_PAUSE_MS : LONGEST_PAUSE_MS
        const pauseMs = Math.min(nextMs, longestMs)
        this.options.logger.warn({ err, pauseMs }, `${this.options.name} pauses after a failure`)
        await delay(pauseMs, undefined, { signal: stop }).catch(() => undefined)
        nextMs = Math.min(nextMs * 2, longestMs)
      }
    }
  }
}
