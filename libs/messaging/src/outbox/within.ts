import { setTimeout as delay } from 'node:timers/promises'

/** Resolves when `done` does, or after `ms`; a rejection of `done` in that time rejects. */
export const within = async (ms: number, done: Promise<void>): Promise<void> => {
  const patience = new AbortController()
  const late = delay(ms, undefined, { signal: patience.signal }).catch(() => undefined)
  try {
    await Promise.race([done, late])
  } finally {
    patience.abort()
  }
}
