// Posts to capture until it answers: what is not answered is sent again, unchanged.
import { setTimeout as sleep } from 'node:timers/promises'

export interface Delivery {
  readonly url: string
  readonly body: string
  /** Asked for at each try: a signature has its time. */
  readonly headers: () => Record<string, string>
  /** Called before each try but the first. */
  readonly again: () => void
  /** Told how long the try took that was answered by a 2xx, in milliseconds. */
  readonly answered?: (ms: number) => void
}

const RETRY_PAUSE_MS = 200
const ANSWER_WITHIN_MS = 20_000
/** Longer than any fault and the recovery from it. */
const GIVE_UP_MS = 240_000

// `fetch failed` alone says nothing.
const reasonOf = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message

/** The body of a 2xx, or why there was none yet: no answer, or one that asks to come again. */
const post = async ({
  url,
  body,
  headers,
}: Delivery): Promise<{ readonly body: string } | { readonly why: string }> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers() },
      body,
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const text = await answer.text()
    if (answer.ok) return { body: text }
    const why = `${answer.status} ${text}`
    if (answer.status >= 500 || answer.status === 429) return { why }
    throw new RefusedError(`${url} answered ${why}`)
  } catch (fault) {
    if (fault instanceof RefusedError) throw fault
    return { why: fault instanceof Error ? reasonOf(fault) : String(fault) }
  }
}

/** What was sent is wrong; the same again would be, too. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
}

/** The body of the first 2xx. Throws what is refused, and when nothing was answered for four minutes. */
export const deliver = async (delivery: Delivery, giveUpMs = GIVE_UP_MS): Promise<string> => {
  const deadline = Date.now() + giveUpMs
  for (;;) {
    const began = performance.now()
    const tried = await post(delivery)
    if ('body' in tried) {
      delivery.answered?.(performance.now() - began)
      return tried.body
    }
    if (Date.now() > deadline)
      throw new Error(`${delivery.url} took nothing for ${giveUpMs / 1000} s; the last answer: ${tried.why}`)
    await sleep(RETRY_PAUSE_MS)
    delivery.again()
  }
}
