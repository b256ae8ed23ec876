import { type Clock, type Logger, noTracing, type Tracing } from '@banso/platform'
import type { Counter, Registry } from 'prom-client'
import type { DataSource } from 'typeorm'
import type { Presence } from '../presence/presence.ts'
import type { WakeUp } from '../outbox/wake-up.ts'
import { within } from '../outbox/within.ts'
import { WorkerLoop } from '../outbox/worker-loop.ts'
import type { Transactions } from '../work.ts'
import { type ClaimedTimer, TimerClaims } from './timer-claims.ts'
import type { TimerHandler } from './timer-handler.ts'
import { TimerFiring } from './timer-firing.ts'
import { timerMetrics, type TimerOutcome } from './timer-metrics.ts'

export interface TimersOptions {
  readonly dataSource: DataSource
  /** `DatabaseTransactions`: locks the account row first, writes the outbox last. */
  readonly transactions: Transactions
  readonly clock: Clock
  /** Called when a timer that is due was committed in this process. */
  readonly wake: WakeUp
  readonly logger: Logger
  readonly registry?: Registry
  /** Absent: off. */
  readonly tracing?: Tracing
  /** Vouches for this process: when it has died, others fire at once what it had under way. */
  readonly presence?: Presence
  /** How long a timer waits for another process when this one is silent while firing it; default 15 s. */
  readonly leaseMs?: number
  /** How long `stop` lets effects under way go on before it aborts them; default 10 s. */
  readonly graceMs?: number
}

const DEFAULT_LEASE_MS = 15_000
const DEFAULT_GRACE_MS = 10_000
const AFTER_ABORT_MS = 2_000

interface UnderWay {
  readonly timer: ClaimedTimer
  readonly abort: AbortController
  readonly done: Promise<void>
}

/**
 * Fires the service's timers: claims what is due (committed, with a lease and a token), performs the effect outside of
 * any transaction, settles in one. A claim that was replaced, cancelled or taken over meanwhile changes nothing. What
 * fails is tried again after 1 s, doubling to 1 min, without limit.
 */
export class Timers {
  private readonly handlers = new Map<string, TimerHandler<unknown>>()
  private readonly underWay = new Set<UnderWay>()
  private readonly claims: TimerClaims
  private readonly firing: TimerFiring
  private readonly leaseMs: number
  private readonly loop: WorkerLoop
  private readonly counter: Counter<'kind' | 'outcome'> | undefined
  private renewal: NodeJS.Timeout | undefined
  private paused = false

  constructor(private readonly options: TimersOptions) {
    const { dataSource, transactions, clock, wake, logger, registry } = options
    this.leaseMs = options.leaseMs ?? DEFAULT_LEASE_MS
    this.claims = new TimerClaims(dataSource, this.leaseMs, options.presence)
    const tracing = options.tracing ?? noTracing
    this.firing = new TimerFiring(this.claims, transactions, clock, logger, tracing, this.leaseMs)
    this.loop = new WorkerLoop({ name: 'timers', step: () => this.fireDue(), wake, logger })
    this.counter = registry && timerMetrics(registry)
  }

  /** One handler per kind; timers of a kind that nobody registered wait. */
  register<R>(handler: TimerHandler<R>): void {
    if (this.handlers.has(handler.kind)) throw new TypeError(`timers of kind ${handler.kind} have a handler already`)
    this.handlers.set(handler.kind, handler)
  }

  start(): void {
    this.renewal ??= setInterval(() => void this.renewLeases(), this.leaseMs / 3)
    this.loop.start()
  }

  /** Claims nothing more until `resume` (rebuilds); what is under way ends. */
  async pause(): Promise<void> {
    this.paused = true
    await this.allDone()
  }

  resume(): void {
    this.paused = false
    this.options.wake.call()
  }

  /** Lets what is under way end; after the grace aborts it and gives it free to be performed again. */
  async stop(): Promise<void> {
    await this.loop.stop()
    await within(this.options.graceMs ?? DEFAULT_GRACE_MS, this.allDone())
    for (const { abort } of this.underWay) abort.abort()
    await within(AFTER_ABORT_MS, this.allDone())
    clearInterval(this.renewal)
    this.renewal = undefined
  }

  private async allDone(): Promise<void> {
    await Promise.all([...this.underWay].map(({ done }) => done))
  }

  private async fireDue(): Promise<boolean> {
    const slots = this.freeSlots()
    if (this.paused || slots.size === 0) return false
    const claimed = await this.claims.claim(slots, this.options.clock.now())
    for (const timer of claimed) {
      if (this.paused) await this.claims.release(timer)
      else this.begin(timer)
    }
    return false // none of a kind is left that is due and has a free slot
  }

  private freeSlots(): ReadonlyMap<string, number> {
    const slots = new Map([...this.handlers.values()].map(({ kind, concurrency }) => [kind, concurrency ?? 1]))
    for (const { timer } of this.underWay) slots.set(timer.kind, (slots.get(timer.kind) ?? 0) - 1)
    return new Map([...slots].filter(([, free]) => free > 0))
  }

  private begin(timer: ClaimedTimer): void {
    const handler = this.handlers.get(timer.kind)
    if (!handler) return
    const abort = new AbortController()
    const done = this.fire(handler, timer, abort.signal).then((outcome) => this.end(one, outcome))
    const one: UnderWay = { timer, abort, done }
    this.underWay.add(one)
  }

  private async fire(handler: TimerHandler<unknown>, timer: ClaimedTimer, signal: AbortSignal): Promise<TimerOutcome> {
    const outcome = await this.firing.fire(handler, timer, signal)
    this.counter?.inc({ kind: timer.kind, outcome })
    return outcome
  }

  /** Another one may be due that had no slot, or the same again. */
  private end(one: UnderWay, outcome: TimerOutcome): void {
    const hadNoSlot = !this.freeSlots().has(one.timer.kind)
    this.underWay.delete(one)
    if (hadNoSlot || outcome === 'again') this.options.wake.call()
  }

  private async renewLeases(): Promise<void> {
    const held = [...this.underWay]
    if (held.length === 0) return
    try {
      const kept = await this.claims.renew(held.map(({ timer }) => timer))
      for (const { timer, abort } of held) if (!kept.has(timer.id)) abort.abort()
    } catch (err) {
      this.options.logger.warn({ err }, 'timer leases not renewed')
    }
  }
}
