import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: unknown
}

export interface Reply {
  readonly status?: number
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown
  readonly location?: string
}

/** An HTTP server on loopback that notes what it is asked and answers what the test says. */
export class LocalService {
  readonly asked: Asked[] = []
  #reply: (asked: Asked) => Reply = () => ({ body: {} })

  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async start(): Promise<LocalService> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const service = new LocalService(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const { method = '', url = '', headers } = request
        const asked = {
          method,
          url,
          authorization: headers.authorization,
          body: text ? (JSON.parse(text) as unknown) : undefined,
        }
        service.asked.push(asked)
        const { status = 200, body, location } = service.#reply(asked)
        response.writeHead(status, { 'content-type': 'application/json', ...(location && { location }) })
        response.end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body))
      })
    })
    return service
  }

  answer(reply: Reply | ((asked: Asked) => Reply)): void {
    this.asked.length = 0
    this.#reply = typeof reply === 'function' ? reply : () => reply
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}
