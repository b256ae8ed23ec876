// kafkajs 2.2.4 schedules its check for pending requests even when none is pending and the connection is not throttled:
// with `throttledUntil` at -1 that is a timer of a negative time, so of 1 ms, for ever, on every connection.
import { createRequire } from 'node:module'

/** The part of kafkajs's request queue that the guard uses. */
export interface RequestQueue {
  readonly pending: readonly unknown[]
  readonly throttledUntil: number
  throttleCheckTimeoutId: NodeJS.Timeout | null
  checkPendingRequests(): void
  scheduleCheckPendingRequests(): void
}

interface RequestQueueClass {
  new (options: object): RequestQueue
  readonly prototype: RequestQueue
}

/** kafkajs's own interval for connections that are busy but not throttled. Milliseconds. */
const CHECK_MS = 10

const isClass = (found: unknown): found is RequestQueueClass =>
  typeof found === 'function' && 'scheduleCheckPendingRequests' in Object(found.prototype)

/** kafkajs's class, as it is loaded in this process. */
export const requestQueueClass = (): RequestQueueClass => {
  const found: unknown = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js')
  if (!isClass(found)) throw new Error('this kafkajs is not the one that its guards are made for')
  return found
}

function scheduleWhenPending(this: RequestQueue): void {
  if (this.throttleCheckTimeoutId || this.pending.length === 0) return
  this.throttleCheckTimeoutId = setTimeout(
    () => {
      this.throttleCheckTimeoutId = null
      this.checkPendingRequests()
    },
    Math.max(this.throttledUntil - Date.now(), CHECK_MS),
  )
}

/** Makes connections of this process set a timer only when a request waits. */
export const guardRequestQueue = (): void => {
  requestQueueClass().prototype.scheduleCheckPendingRequests = scheduleWhenPending
}
