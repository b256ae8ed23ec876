import type { Work } from '../work.ts'

export interface Timer {
  readonly id: string
  readonly key: string
  readonly kind: string
  readonly dueAt: Date
  readonly payload: unknown
  /** How often it was claimed, this time included. */
  readonly attempts: number
}

/** 'fired': the timer is gone; a date: it fires again then, with the payload given or as it was. */
export type TimerResult = 'fired' | { readonly again: Date; readonly payload?: unknown }

/**
 * A timer without effect outside the database does everything in `settle`. One with an effect (a webhook) performs it in
 * `perform`, outside of any transaction and under a lease that is renewed; `settle` then records the result. A crash
 * between the two performs again: effects carry an idempotency key.
 */
export interface TimerHandler<R = void> {
  readonly kind: string
  /** Most timers of this kind under way at once in this process; default 1. */
  readonly concurrency?: number
  perform?(timer: Timer, signal: AbortSignal): Promise<R>
  settle(timer: Timer, result: R, work: Work): Promise<TimerResult>
}
