import { topics } from '@banso/contracts'
import { AppendError, type EventLog, partitionOf, RecordTooLargeError } from '@banso/messaging'
import { type Clock, type Logger, ProblemError, stopping } from '@banso/platform'
import type { BeforeApplicationShutdown, OnApplicationBootstrap } from '@nestjs/common'
import type { RawRecord } from '../domain/record-copy.ts'
import type { Spool } from '../store/spool.ts'
import type { IntakeMetrics } from './intake-metrics.ts'
import { SpoolDrain } from './spool-drain.ts'
import { SpoolWriter } from './spool-writer.ts'
import { withinTime } from './within-time.ts'

// Records given to a log that does not answer; beyond, it counts as away at once, so that memory is bounded.
const MAX_UNSETTLED = 20_000
const LOOK_FOR_SPOOLED_MS = 5_000
const COMPLAIN_EVERY_MS = 1_000

export interface IntakeParts {
  readonly log: EventLog
  readonly spool: Spool
  readonly metrics: IntakeMetrics
  readonly clock: Clock
  readonly logger: Logger
  /** What log and spool may each take before they count as away. Milliseconds. */
  readonly limitMs: number
}

/**
 * Takes accepted events: into the log, or, while it is away, into the spool. While something is spooled, what comes later
 * goes behind it; to the log only where the spool fails or is too slow, because kept out of order is better than refused.
 */
export class Intake implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #writer: SpoolWriter
  readonly #drain: SpoolDrain
  #spooling = false
  /** While the last of the spool is moved: events wait, and then go to the log. */
  #held: Promise<void> | undefined
  #draining: Promise<void> | undefined
  #unsettled = 0
  #look: NodeJS.Timeout | undefined
  #complainedAt = Number.NEGATIVE_INFINITY

  constructor(private readonly parts: IntakeParts) {
    this.#writer = new SpoolWriter(parts.spool, parts.clock)
    this.#drain = new SpoolDrain(parts.spool, parts.log, parts.logger)
  }

  /** What another instance, or this one before a crash, has left behind is drained too. */
  async onApplicationBootstrap(): Promise<void> {
    await this.#lookForSpooled()
    this.#look = setInterval(() => void this.#lookForSpooled(), LOOK_FOR_SPOOLED_MS)
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.#look)
    this.#drain.stop()
    if (this.#draining) await stopping('the drain of the spool', this.#draining)
  }

  /** Resolves when every record is durable. Rejects when neither log nor spool is there: 503 `INTAKE_UNAVAILABLE`. */
  async accept(records: readonly RawRecord[]): Promise<void> {
    while (this.#held) await this.#held
    const [first, second] = this.#spooling
      ? ([this.#toSpool, this.#toLog] as const)
      : ([this.#toLog, this.#toSpool] as const)
    const left = await first(records)
    if (left.length === 0) return
    const lost = await second(left)
    if (lost.length > 0)
      throw new ProblemError({
        code: 'INTAKE_UNAVAILABLE',
        status: 503,
        detail: 'events cannot be kept at the moment; send them again',
      })
  }

  // Each gives back the records that it did not confirm.
  readonly #toLog = async (records: readonly RawRecord[]): Promise<readonly RawRecord[]> => {
    if (this.#unsettled > MAX_UNSETTLED) return records
    const topic = topics.received.name
    const appended = records.map((record) => ({ ...record, topic, partition: partitionOf(topic, record.key) }))
    const stopTimer = this.parts.metrics.appendSeconds.startTimer()
    this.#unsettled += records.length
    const append = this.parts.log.append(appended).finally(() => (this.#unsettled -= records.length))
    try {
      await withinTime(append, this.parts.limitMs)
      stopTimer()
      return []
    } catch (fault) {
      // The spool would only give it to the log again, which never takes it, and hold up everything behind it.
      if (fault instanceof RecordTooLargeError) throw fault
      this.#startSpooling(fault)
      return fault instanceof AppendError ? fault.unconfirmed : records
    }
  }

  readonly #toSpool = async (records: readonly RawRecord[]): Promise<readonly RawRecord[]> => {
    try {
      await withinTime(this.#writer.add(records), this.parts.limitMs)
      this.parts.metrics.spooled.inc(records.length)
      return []
    } catch (fault) {
      this.#complain(fault)
      return records
    }
  }

  #startSpooling(fault?: unknown): void {
    if (this.#spooling) return
    this.#spooling = true
    this.parts.logger.warn({ err: fault }, 'the log is away or behind: events go to the spool')
    this.#draining = this.#drain.run((moveAll) => this.#finish(moveAll))
  }

  async #finish(moveAll: () => Promise<void>): Promise<boolean> {
    const { promise, resolve: release } = Promise.withResolvers<void>()
    this.#held = promise
    const rest = this.#writer.idle().then(moveAll)
    try {
      await withinTime(rest, this.parts.limitMs)
      this.#spooling = false
      this.parts.logger.info('the spool is empty: events go to the log')
    } catch {
      // Too slow for events to wait for it: they go to the spool again, behind the rest.
    } finally {
      this.#held = undefined
      release()
    }
    await rest
    return !this.#spooling
  }

  #complain(fault: unknown): void {
    const now = performance.now()
    if (now - this.#complainedAt < COMPLAIN_EVERY_MS) return
    this.#complainedAt = now
    this.parts.logger.error({ err: fault }, 'neither the log nor the spool takes events')
  }

  async #lookForSpooled(): Promise<void> {
    try {
      if (!this.#spooling && (await this.parts.spool.size(1)).records > 0) this.#startSpooling()
    } catch (fault) {
      this.parts.logger.warn({ err: fault }, 'the spool cannot be looked at')
    }
  }
}
