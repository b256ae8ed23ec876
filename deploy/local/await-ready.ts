import { setTimeout as sleep } from 'node:timers/promises'

const SLOW_MS = 10_000

/** What is not well, of an answer of `/health/ready`. */
const notWell = (answer: string): string => {
  try {
    const { error } = JSON.parse(answer) as { error: Record<string, { reason?: string }> }
    return Object.entries(error)
      .map(([name, { reason }]) => `${name}: ${reason ?? 'down'}`)
      .join('; ')
  } catch {
    return answer
  }
}

/** Resolves when the service answers that it is ready. `onSlow` hears, from 10 s on, why it is not yet, each reason once. */
export const waitUntilReady = async (
  address: string,
  timeoutMs: number,
  onSlow: (why: string) => void = () => {},
): Promise<void> => {
  const began = Date.now()
  let last = 'no answer'
  let told = ''
  const tell = (): void => {
    if (last === told || Date.now() - began < SLOW_MS) return
    told = last
    onSlow(last)
  }
  while (Date.now() - began < timeoutMs) {
    try {
      const answer = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(5000) })
      if (answer.ok) return
      last = notWell(await answer.text())
      tell()
    } catch (fault) {
      last = fault instanceof Error ? fault.message : String(fault)
    }
    await sleep(100)
  }
  throw new Error(`${address} is not ready after ${timeoutMs / 1000} s: ${last}`)
}
