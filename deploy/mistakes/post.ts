// What products and help desks send to capture, and what it answers.
import { createHmac, randomUUID } from 'node:crypto'

export const post = async (url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<string> => {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    signal: AbortSignal.timeout(20_000),
  })
  return answer.text()
}

/** A ticket as the trigger of a help desk sends it, signed by this secret; by a clock that is some minutes ahead. */
export const postTicket = (url: string, secret: string, minutes = 0): Promise<string> => {
  const time = new Date(Date.now() + minutes * 60_000).toISOString()
  const body = JSON.stringify({ event: 'opened', ticketId: '1', status: 'open', priority: 'high', createdAt: time })
  return post(url, body, {
    'x-zendesk-webhook-invocation-id': randomUUID(),
    'x-zendesk-webhook-signature': createHmac('sha256', secret).update(time).update(body).digest('base64'),
    'x-zendesk-webhook-signature-timestamp': time,
  })
}
