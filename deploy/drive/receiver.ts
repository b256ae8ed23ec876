// A webhook receiver on this machine: keeps what arrives, verifies its signature with the `standardwebhooks` package.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
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

export const startReceiver = async (onArrival: (arrival: Arrival) => void = () => {}): Promise<Receiver> => {
  const arrivals: Arrival[] = []
  let webhook: Webhook | undefined
  let refused = 0
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      try {
        const headers = request.headers as Record<string, string>
        if (!webhook) throw new Error('no secret yet')
        webhook.verify(body, headers)
        const arrival = { webhookId: headers['webhook-id'] ?? '', at: Date.now(), accountId: accountOf(body), body }
        arrivals.push(arrival)
        onArrival(arrival)
        response.writeHead(204).end()
      } catch (fault) {
        refused += 1
        response.writeHead(400).end(fault instanceof Error ? fault.message : 'refused')
      }
    })
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
