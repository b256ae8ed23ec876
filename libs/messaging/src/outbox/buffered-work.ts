import type { EventType, ServiceName } from '@banso/contracts'
import { type Clock, noTracing, type Tracing } from '@banso/platform'
import type { EntityManager } from 'typeorm'
import type { OutgoingEvent } from '../events.ts'
import { deleteTimers, setTimers, type TracedTimer } from '../timers/timer-writes.ts'
import { staysInTrace } from '../timers/timer-trace.ts'
import type { NewTimer, Work } from '../work.ts'
import { insertOutbox } from './outbox-writes.ts'
import { type OutgoingRecord, toOutgoingRecord } from './outgoing-record.ts'
import type { WakeUp } from './wake-up.ts'

/** What a unit of work needs of its process. `relay` and `timers` are called when something for them was committed. */
export interface WorkContext {
  readonly service: ServiceName
  readonly clock: Clock
  readonly relay: WakeUp
  readonly timers: WakeUp
  /** Absent: off. */
  readonly tracing?: Tracing
}

/** What was buffered up to a moment; see `BufferedWork.reset`. */
export interface WorkMark {
  readonly records: number
  readonly timers: ReadonlyMap<string, TracedTimer | null>
}

/**
 * A `Work` that keeps what is published and scheduled until `flush`. Whoever opens the transaction calls `flush` as its
 * last statement and `committed` after the commit; on an error it is thrown away with the transaction.
 */
export class BufferedWork implements Work {
  private records: OutgoingRecord[] = []
  /** null: to be cancelled. */
  private timers = new Map<string, TracedTimer | null>()
  private muted = false
  private flushed: { records: number; earliestTimer: number } = { records: 0, earliestTimer: Infinity }

  constructor(
    readonly tx: EntityManager,
    private readonly context: WorkContext,
    readonly now: Date = context.clock.now(),
  ) {}

  /** Throws `OutgoingEventInvalidError` or `OutgoingEventTooLargeError`. */
  publish<T extends EventType>(event: OutgoingEvent<T>): void {
    if (!this.muted) this.records.push(toOutgoingRecord(this.context.service, event, this.causeOf(event.key)))
  }

  schedule(timer: NewTimer): void {
    if (this.muted) return
    const traceparent = staysInTrace(this.now, timer.dueAt) ? this.causeOf(timer.key) : undefined
    this.timers.set(timer.id, { ...timer, traceparent })
  }

  cancelTimer(id: string): void {
    if (!this.muted) this.timers.set(id, null)
  }

  /** From now on `publish`, `schedule` and `cancelTimer` do nothing (rebuilds). */
  mute(): void {
    this.muted = true
  }

  /** `traceparent` of what makes it publish or schedule something about a key. */
  protected causeOf(_key: string): string | undefined {
    return this.tracing.active
  }

  protected get tracing(): Tracing {
    return this.context.tracing ?? noTracing
  }

  mark(): WorkMark {
    return { records: this.records.length, timers: new Map(this.timers) }
  }

  /** Forgets what was buffered since `mark`, or everything: goes with a rollback to a savepoint. */
  reset(mark: WorkMark = { records: 0, timers: new Map() }): void {
    this.records.length = mark.records
    this.timers = new Map(mark.timers)
  }

  /** Writes timers, then the outbox: the last statements of the transaction. */
  async flush(): Promise<void> {
    const { records, timers } = this
    this.records = []
    this.timers = new Map()
    const set = [...timers.values()].filter((timer) => timer !== null)
    const cancelled = [...timers].filter(([, timer]) => timer === null).map(([id]) => id)
    await deleteTimers(this.tx, cancelled)
    await setTimers(this.tx, set)
    await insertOutbox(this.tx, this.context.service, records)
    this.flushed = {
      records: this.flushed.records + records.length,
      earliestTimer: Math.min(this.flushed.earliestTimer, ...set.map((timer) => timer.dueAt.getTime())),
    }
  }

  /** Call after the commit: wakes the relay and the timers of this process for what was flushed. */
  committed(): void {
    if (this.flushed.records > 0) this.context.relay.call()
    if (this.flushed.earliestTimer <= this.context.clock.now().getTime()) this.context.timers.call()
  }
}
