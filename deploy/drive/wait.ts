import { setTimeout as sleep } from 'node:timers/promises'

/** Between two looks, milliseconds: a tenth of what was waited so far, so that looking takes little of what is looked at. */
const pauseAfter = (waitedMs: number): number => Math.min(Math.max(waitedMs / 10, 25), 250)

/**
 * Polls until `look` gives a value; an error that names what was waited for when it does not in time. `everyMs` is for who
 * wants each look at the same distance from the one before.
 */
export const until = async <T>(
  what: string,
  timeoutMs: number,
  look: () => Promise<T | undefined>,
  everyMs?: number,
): Promise<T> => {
  const started = Date.now()
  let fault: unknown
  while (Date.now() < started + timeoutMs) {
    try {
      const value = await look()
      if (value !== undefined) return value
      fault = undefined
    } catch (thrown) {
      fault = thrown
    }
    await sleep(everyMs ?? pauseAfter(Date.now() - started))
  }
  const why = fault instanceof Error ? `: ${fault.message}` : ''
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}${why}`)
}
