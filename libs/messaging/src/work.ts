import type { EventType } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { OutgoingEvent } from './events.ts'

/** A timer to set. Setting one with an id that exists replaces its time and payload. */
export interface NewTimer {
  /** Unique within the service: `run/<run id>/<step>`. */
  readonly id: string
  /** Account id: its row is locked before the timer fires. Empty: none. */
  readonly key: string
  readonly kind: string
  readonly dueAt: Date
  readonly payload: unknown
}

/**
 * One database transaction of a service. Everything written through `tx`, published and scheduled becomes durable
 * together or not at all. Published events and timers are written last, in the house's lock order, when the
 * transaction's function has returned.
 */
export interface Work {
  readonly tx: EntityManager
  readonly now: Date
  publish<T extends EventType>(event: OutgoingEvent<T>): void
  schedule(timer: NewTimer): void
  cancelTimer(id: string): void
}

/** The transaction of events of one topic. */
export interface Chunk extends Work {
  /** True while derived state is made anew: `publish` and `schedule` do nothing then. */
  readonly rebuilding: boolean
}

/** Runs `run` in one transaction (HTTP commands); `keys` are the accounts whose rows are locked first, in order. */
export abstract class Transactions {
  abstract run<R>(keys: readonly string[], run: (work: Work) => Promise<R>): Promise<R>
}

/** Locks the rows of these accounts, sorted, making what is missing. Each service gives its own. */
export type LockKeys = (tx: EntityManager, keys: readonly string[]) => Promise<void>
