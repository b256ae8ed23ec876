import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export type Answering = (response: ServerResponse, received: Received) => void

const portOf = (address: AddressInfo | string | null): number => {
  if (address === null || typeof address === 'string') throw new Error('the receiver does not listen')
  return address.port
}

/** An HTTP receiver of webhooks on loopback; `answer` may be changed while it runs. */
export class Receiver {
  readonly received: Received[] = []
  readonly sockets = new Set<Socket>()
  connections = 0
  answer: Answering = (response) => void response.writeHead(204).end()
  readonly #server: Server = createServer((request, response) => void this.#take(request, response))

  async listen(): Promise<this> {
    this.#server.on('connection', (socket) => {
      this.connections += 1
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
    })
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    return this
  }

  url(path = '/hook', host = '127.0.0.1'): string {
    return `http://${host}:${portOf(this.#server.address())}${path}`
  }

  async close(): Promise<void> {
    await new Promise((done) => {
      this.#server.close(done)
      this.#server.closeAllConnections()
    })
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const { url: path = '', headers } = request
    const received = { path, headers, body: Buffer.concat(chunks).toString('utf8') }
    this.received.push(received)
    this.answer(response, received)
  }
}
