import { setTimeout as sleep } from 'node:timers/promises'

const SLOW_MS = 10_000
const ANSWER_MS = 5_000

/** What is not well, of an answer of `/health/ready`. */
const notWell = (answer: string): readonly string[] => {
  try {
    const { error } = JSON.parse(answer) as { error: Record<string, { reason?: string }> }
    return Object.entries(error).map(([name, { reason }]) => `${name}: ${reason ?? 'down'}`)
  } catch {
    return [answer]
  }
}

interface Part {
  readonly state: string
  readonly reason: string | null
}

/** Why parts of a service wait for a person, who must say where they go on. */
const standingStill = async (address: string, token: string): Promise<readonly string[]> => {
  const answer = await fetch(`${address}/v1/operations/status`, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(ANSWER_MS),
  })
  if (!answer.ok) return []
  const { groups, outbox } = (await answer.json()) as { groups: readonly Part[]; outbox: Part }
  return [...groups, outbox].flatMap(({ state, reason }) =>
    (state === 'stopped' || state === 'behind') && reason !== null ? [reason] : [],
  )
}

/** Undefined: it is ready. Else what keeps it from being so, and whether that goes away by a person's word alone. */
const look = async (
  address: string,
  token: string | undefined,
): Promise<{ why: string; waits: boolean } | undefined> => {
  const answer = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(ANSWER_MS) })
  if (answer.ok) return undefined
  const faults = notWell(await answer.text())
  const reasons = token === undefined ? [] : await standingStill(address, token).catch(() => [])
  const waits = faults.length > 0 && faults.every((fault) => reasons.some((reason) => fault.includes(reason)))
  return { why: faults.join('; '), waits }
}

interface Waiting {
  readonly token?: string
  readonly onSlow?: (why: string) => void
  readonly signal?: AbortSignal
}

/**
 * Resolves when the service answers that it is ready; with `token`, which opens its API, also when nothing but a person can
 * make it so: with the reason then. `onSlow` hears, from 10 s on, why it is not yet, each reason once. `signal` ends it.
 */
export const waitUntilReady = async (
  address: string,
  timeoutMs: number,
  { token, onSlow = () => {}, signal }: Waiting = {},
): Promise<string | undefined> => {
  const began = Date.now()
  let last = 'no answer'
  let told = ''
  const tell = (): void => {
    if (last === told || Date.now() - began < SLOW_MS) return
    told = last
    onSlow(last)
  }
  const isOver = (): boolean => signal?.aborted === true || Date.now() - began >= timeoutMs
  while (!isOver()) {
    try {
      const found = await look(address, token)
      if (found === undefined || found.waits) return found?.why
      last = found.why
      tell()
    } catch (fault) {
      last = fault instanceof Error ? fault.message : String(fault)
    }
    await sleep(100)
  }
  throw new Error(`${address} is not ready after ${timeoutMs / 1000} s: ${last}`)
}

/** What is said of a service that has been waited for. Only a person can tell a log made anew from one restored or moved. */
export const readyLine = (service: string, address: string, waits: string | undefined): string =>
  service.padEnd(10) +
  (waits === undefined
    ? ` ready on ${address}`
    : ` waits for your word: ${waits}. Its log is not the one that it knew: docs/operate/move-to-kafka.md and backup.md say ` +
      `which word it is, npx banso resume ${service} --at progress, start or end`)
