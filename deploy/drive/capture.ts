// Plain Segment batches sent to capture until each is answered: an unanswered request is sent again, unchanged.
import { deliver } from './deliver.ts'

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
    const text = await deliver({
      url: this.#url,
      body,
      headers: () => ({ authorization: this.#authorization }),
      again: () => (this.retried += 1),
    })
    const refused = (JSON.parse(text) as BatchAnswer).results.find((result) => result.status !== 'accepted')
    if (refused) throw new Error(`${refused.messageId} was refused: ${refused.message ?? refused.status}`)
  }
}
