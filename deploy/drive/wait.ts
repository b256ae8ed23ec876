import { setTimeout as sleep } from 'node:timers/promises'

/** Polls until `look` gives a value; an error that names what was waited for when it does not in time. */
export const until = async <T>(what: string, timeoutMs: number, look: () => Promise<T | undefined>): Promise<T> => {
  const deadline = Date.now() + timeoutMs
  let fault: unknown
  while (Date.now() < deadline) {
    try {
      const value = await look()
      if (value !== undefined) return value
      fault = undefined
    } catch (thrown) {
      fault = thrown
    }
    await sleep(50)
  }
  const why = fault instanceof Error ? `: ${fault.message}` : ''
  throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}${why}`)
}
