// What a floor takes its events by: HTTP with nothing around it.
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

export interface BareServer {
  readonly url: string
  close(): Promise<void>
}

/** `port` 0: any that is free. Answers every request with `answer` once `take` has resolved. */
export const serve = async (
  port: number,
  answer: string,
  take: (body: string, url: string) => Promise<void>,
): Promise<BareServer> => {
  const server = createServer((request, response) => {
    bodyOf(request)
      .then((body) => take(body, request.url ?? ''))
      .then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end(answer),
        (fault: unknown) => response.writeHead(500).end(String(fault)),
      )
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
