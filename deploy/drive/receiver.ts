// A webhook receiver on this machine: keeps what arrives, verifies its signature with the `standardwebhooks` package.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'

export interface Arrival {
  readonly webhookId: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of the account that the action is about. */
  readonly accountId: string
  readonly body: string
}

export interface Receiver {
  readonly url: string
  /** Every delivery, repeats of a webhook-id included. */
  readonly arrivals: readonly Arrival[]
  /** Deliveries whose signature did not verify. */
  readonly refused: number
  /** The secret to verify with, shown when the playbook was made. */
  trust(secret: string): void
  close(): Promise<void>
}

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

const accountOf = (body: string): string => {
  const { account } = JSON.parse(body) as { account: { id: string } }
  return account.id
}

/** What came of one delivery: an arrival, or why its signature does not hold. */
const verified = (webhook: Webhook | undefined, body: string, headers: Record<string, string>): Arrival | string => {
  try {
    if (!webhook) return 'no secret yet'
    webhook.verify(body, headers)
  } catch (fault) {
    return fault instanceof Error ? fault.message : 'refused'
  }
  return { webhookId: headers['webhook-id'] ?? '', at: Date.now(), accountId: accountOf(body), body }
}

export const startReceiver = async (onArrival: (arrival: Arrival) => void = () => {}): Promise<Receiver> => {
  const arrivals: Arrival[] = []
  let webhook: Webhook | undefined
  let refused = 0
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request)
    const headers = request.headers as Record<string, string>
    const arrival = verified(webhook, body, headers)
    if (typeof arrival === 'string') {
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
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/hook`,
    arrivals,
    get refused() {
      return refused
    },
    trust: (secret) => {
      webhook = new Webhook(secret)
    },
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
