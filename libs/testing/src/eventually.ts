import { setTimeout as sleep } from 'node:timers/promises'

export interface EventuallyOptions {
  /** Default 10 s. */
  readonly timeoutMs?: number
  /** Pause between tries; default 25 ms. */
  readonly everyMs?: number
}

/** Tries `assertion` until it no longer throws, and gives what it returned; after `timeoutMs` its last error is thrown. */
export const eventually = async <T>(
  assertion: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  for (;;) {
    try {
      return await assertion()
    } catch (fault) {
      if (Date.now() >= deadline) throw fault
    }
    await sleep(everyMs)
  }
}
