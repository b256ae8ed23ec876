import type { Clock, Logger, Tracing } from '@banso/platform'
import { setTimeout as delay } from 'node:timers/promises'
import type { Transactions } from '../work.ts'
import type { ClaimedTimer, TimerClaims } from './timer-claims.ts'
import type { TimerHandler } from './timer-handler.ts'
import type { TimerOutcome } from './timer-metrics.ts'
import { timerSpan } from './timer-trace.ts'

const FIRST_RETRY_MS = 1_000
const LONGEST_RETRY_MS = 60_000
/** How often it is tried to give a timer back while the database is away. Milliseconds. */
const GIVE_BACK_EVERY_MS = 1_000

/** The way of one claimed timer: perform, settle; after a failure later again. */
export class TimerFiring {
  constructor(
    private readonly claims: TimerClaims,
    private readonly transactions: Transactions,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly tracing: Tracing,
    private readonly leaseMs: number,
  ) {}

  /** Never rejects. `signal` aborts when the claim is lost or the process stops. */
  async fire(handler: TimerHandler<unknown>, timer: ClaimedTimer, signal: AbortSignal): Promise<TimerOutcome> {
    const span = this.tracing.start(timerSpan(timer))
    const outcome = await this.tracing.within(span, () => this.tryToFire(handler, timer, signal))
    span?.end({ attributes: { 'banso.timer.outcome': outcome }, ...(outcome === 'failed' && { fault: outcome }) })
    return outcome
  }

  private async tryToFire(
    handler: TimerHandler<unknown>,
    timer: ClaimedTimer,
    signal: AbortSignal,
  ): Promise<TimerOutcome> {
    try {
      const effect = await handler.perform?.(timer, signal)
      return await this.settle(handler, timer, effect)
    } catch (err) {
      const { id, kind, attempts } = timer
      this.logger.warn({ err, timer: id, kind, attempts }, 'timer failed, it is tried again')
      await this.giveBack(timer, signal)
      return 'failed'
    }
  }

  /** Lock order: account row (by `run`), timer row, outbox partitions (by `run`, last). */
  private settle(handler: TimerHandler<unknown>, timer: ClaimedTimer, effect: unknown): Promise<TimerOutcome> {
    return this.transactions.run(timer.key === '' ? [] : [timer.key], async (work): Promise<TimerOutcome> => {
      if (!(await this.claims.lock(work.tx, timer))) return 'dropped'
      const result = await handler.settle(timer, effect, work)
      await this.claims.settle(work.tx, timer, result)
      return result === 'fired' ? 'fired' : 'again'
    })
  }

  /** Tried again while the database is away: else the timer would wait until its lease has run out. */
  private async giveBack(timer: ClaimedTimer, signal: AbortSignal): Promise<void> {
    const runsOutAt = performance.now() + this.leaseMs
    for (;;) {
      try {
        return await (signal.aborted ? this.claims.release(timer) : this.postpone(timer))
      } catch (err) {
        if (signal.aborted || performance.now() > runsOutAt) {
          this.logger.warn({ err, timer: timer.id }, 'failed timer not given back, its lease runs out')
          return
        }
        await delay(GIVE_BACK_EVERY_MS, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  private postpone(timer: ClaimedTimer): Promise<void> {
    const pauseMs = Math.min(FIRST_RETRY_MS * 2 ** timer.failures, LONGEST_RETRY_MS)
    return this.claims.postpone(timer, new Date(this.clock.now().getTime() + pauseMs))
  }
}
