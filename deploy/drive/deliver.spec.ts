import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { deliver } from './deliver.ts'

let server: Server
let url: string
let answers: number[]
const bodies: string[] = []

beforeEach(async () => {
  bodies.length = 0
  server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      bodies.push(body)
      const status = answers.shift() ?? 503
      if (status === 0) response.destroy()
      else response.writeHead(status).end(`said ${status}`)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const send = (giveUpMs?: number) => {
  let repeats = 0
  const delivery = { url, body: 'the same', headers: () => ({ 'x-try': String(repeats) }), again: () => (repeats += 1) }
  return deliver(delivery, giveUpMs).then((body) => ({ body, repeats }))
}

describe('a delivery', () => {
  it('is sent again unchanged until it is answered', async () => {
    answers = [503, 0, 429, 200]
    expect(await send()).toEqual({ body: 'said 200', repeats: 3 })
    expect(bodies).toEqual(Array(4).fill('the same'))
  })

  it('is not sent again when it is refused', async () => {
    answers = [400]
    await expect(send()).rejects.toThrow('answered 400 said 400')
    expect(bodies).toHaveLength(1)
  })

  it('is given up after a while, with the last answer', async () => {
    answers = []
    await expect(send(300)).rejects.toThrow('took nothing for 0.3 s; the last answer: 503 said 503')
  })
})
