// A webhook receiver on this machine: keeps what arrives, verifies its signature with the `standardwebhooks` package.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { THIS_HOST } from './host.ts'

export interface Arrival {
  readonly webhookId: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of the account that the action is about. */
  readonly accountId: string
  readonly playbook: string
  readonly body: string
  /** W3C trace context that came with it; empty: none did. */
  readonly traceparent: string
}

export interface Receiver {
  readonly url: string
  /** Every delivery, repeats of a webhook-id included. */
  readonly arrivals: readonly Arrival[]
  /** Deliveries whose signature did not verify. */
  readonly refused: number
  /** One more secret to verify with, as shown when a playbook was made. */
  trust(secret: string): void
  close(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** What came of one delivery: an arrival, or why no signature holds. */
const verified = (webhooks: readonly Webhook[], body: string, headers: Record<string, string>): Arrival | 'refused' => {
  const holds = webhooks.some((webhook) => {
    try {
      webhook.verify(body, headers)
      return true
    } catch {
      return false
    }
  })
  if (!holds) return 'refused'
  const { account, playbook } = JSON.parse(body) as { account: { id: string }; playbook: string }
  const { 'webhook-id': webhookId = '', traceparent = '' } = headers
  return { webhookId, at: Date.now(), accountId: account.id, playbook, body, traceparent }
}

/** `port` 0: any that is free. */
export const startReceiver = async (
  port = 0,
  onArrival: (arrival: Arrival) => void = () => {},
  { listen, reachedAs } = THIS_HOST,
): Promise<Receiver> => {
  const arrivals: Arrival[] = []
  const webhooks: Webhook[] = []
  let refused = 0
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    const headers = request.headers as Record<string, string>
    const arrival = verified(webhooks, body, headers)
    if (arrival === 'refused') {
      refused += 1
      response.writeHead(400).end(arrival)
      return
    }
    arrivals.push(arrival)
    onArrival(arrival)
    response.writeHead(204).end()
  }
  const server = createServer((request, response) => {
    take(request, response).catch(() => response.destroy())
  })
  server.listen(port, listen)
  await once(server, 'listening')
  return {
    url: `http://${reachedAs}:${(server.address() as AddressInfo).port}/hook`,
    arrivals,
    get refused() {
      return refused
    },
    trust: (secret) => void webhooks.push(new Webhook(secret)),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
