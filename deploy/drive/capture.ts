// Plain Segment batches sent to capture until each is answered: an unanswered request is sent again, unchanged.
import { setTimeout as sleep } from 'node:timers/promises'

export interface SegmentEvent {
  readonly type: 'track'
  readonly messageId: string
  readonly userId: string
  readonly event: string
  readonly timestamp: string
  readonly context: { readonly groupId: string }
}

interface BatchAnswer {
  readonly results: readonly { readonly messageId: string; readonly status: string; readonly message?: string }[]
}

const RETRY_PAUSE_MS = 200

export class Capture {
  readonly #url: string
  readonly #authorization: string
  /** Requests that were sent again because they were not answered by a 2xx. */
  retried = 0

  constructor(url: string, writeKey: string) {
    this.#url = `${url}/v1/batch`
    this.#authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  }

  /** Resolves when the whole batch is accepted; rejects when any event is refused. */
  async send(batch: readonly SegmentEvent[]): Promise<void> {
    const body = JSON.stringify({ batch, sentAt: new Date().toISOString() })
    for (;;) {
      const answer = await this.#post(body)
      if (answer) {
        const refused = answer.results.find((result) => result.status !== 'accepted')
        if (refused) throw new Error(`${refused.messageId} was refused: ${refused.message ?? refused.status}`)
        return
      }
      this.retried += 1
      await sleep(RETRY_PAUSE_MS)
    }
  }

  /** The answer of a 2xx; undefined where there was none, or the server asked to come again. */
  async #post(body: string): Promise<BatchAnswer | undefined> {
    let answer: Response
    try {
      answer = await fetch(this.#url, {
        method: 'POST',
        headers: { authorization: this.#authorization, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(20_000),
      })
      if (answer.ok) return (await answer.json()) as BatchAnswer
    } catch {
      return undefined
    }
    if (answer.status >= 500 || answer.status === 429) return undefined
    throw new Error(`capture answered ${answer.status}: ${await answer.text()}`)
  }
}
