import { noTracing, type Span, type SpanEnd, type SpanStart, Tracing } from '@banso/platform'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer } from 'node:net'
import { Receiver } from '../../test/receiver.ts'
import { loadConfig } from '../config.ts'
import { WebhookClient } from './webhook-client.ts'

const never = new AbortController().signal
const limits = { timeoutMs: 5_000, connections: 32 }
const open = { plainHttp: true, privateTargets: true }

let receiver: Receiver
let client: WebhookClient
const post = (url = receiver.url(), stop = never) =>
  client.post({ url, headers: { 'webhook-id': 'run-1' }, body: '{"a":"伴走"}', now: new Date() }, stop)

const clientWith = (policy: typeof open, timeoutMs = limits.timeoutMs) => {
  client.close()
  client = new WebhookClient(policy, { ...limits, timeoutMs }, noTracing)
}

beforeEach(async () => {
  receiver = await new Receiver().listen()
  client = new WebhookClient(open, limits, noTracing)
})
afterEach(async () => {
  client.close()
  await receiver.close()
})

describe('the trace of a request', () => {
  const cause = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
  const ended: SpanEnd[] = []
  let started: SpanStart[]

  class NotingTracing extends Tracing {
    override readonly enabled = true
    override readonly active = undefined
    override start(span: SpanStart): Span {
      started.push(span)
      return { traceparent: cause, end: (how = {}) => void ended.push(how) }
    }
    override within<T>(_span: Span | undefined, run: () => T): T {
      return run()
    }
    override close(): Promise<void> {
      return Promise.resolve()
    }
  }

  beforeEach(() => {
    started = []
    ended.length = 0
    client.close()
    client = new WebhookClient(open, limits, new NotingTracing())
  })

  it('goes with it to the target, which is named by its host alone', async () => {
    await post(receiver.url('/services/a-secret'))
    expect(receiver.received).toMatchObject([{ headers: { traceparent: cause, 'webhook-id': 'run-1' } }])
    expect(started).toEqual([
      { name: 'POST', kind: 'client', attributes: { 'http.request.method': 'POST', 'server.address': '127.0.0.1' } },
    ])
    expect(ended).toEqual([{ attributes: { 'http.response.status_code': 204 } }])
  })

  it('says what became of it', async () => {
    receiver.answer = (response) => void response.writeHead(410).end()
    await post()
    receiver.answer = (response) => void response.destroy()
    await post()
    expect(ended).toEqual([{ attributes: { 'http.response.status_code': 410 }, fault: '410' }, { fault: 'connection' }])
  })

  it('is not sent while tracing is off', async () => {
    clientWith(open)
    await post()
    expect(receiver.received[0]?.headers).not.toHaveProperty('traceparent')
  })
})

describe('answers', () => {
  it('posts the body as it is, with its headers, and gives the status', async () => {
    expect(await post(receiver.url('/in?team=cs'))).toEqual({ kind: 'answered', status: 204, retryAfterMs: 0 })
    expect(receiver.received).toMatchObject([
      { path: '/in?team=cs', headers: { 'webhook-id': 'run-1', 'content-length': '14' }, body: '{"a":"伴走"}' },
    ])
  })

  it('gives a redirect as the answer and follows it nowhere', async () => {
    receiver.answer = (response) => void response.writeHead(302, { location: receiver.url('/elsewhere') }).end()
    expect(await post()).toMatchObject({ status: 302 })
    expect(receiver.received).toHaveLength(1)
  })

  it('reads Retry-After', async () => {
    receiver.answer = (response) => void response.writeHead(503, { 'retry-after': '90' }).end()
    expect(await post()).toEqual({ kind: 'answered', status: 503, retryAfterMs: 90_000 })
  })

  it('stops reading an answer that never ends, and lets its status count', async () => {
    let sent = 0
    receiver.answer = (response) => {
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384
      }
      response.on('drain', more)
      more()
    }
    expect(await post()).toMatchObject({ status: 200 })
    expect(sent).toBeLessThan(16 * 1_024 * 1_024) // what the kernel holds of it
    await new Promise<void>((done) => {
      const [socket] = receiver.sockets
      if (socket === undefined) done()
      else socket.once('close', done)
    })
  })

  it.each([
    ['64 KiB, and uses the connection again', 65_536, 1],
    ['no more, and gives the connection up', 65_537, 2],
  ])('reads an answer of %s', async (_, bytes, connections) => {
    receiver.answer = (response) => void response.writeHead(200, { 'content-length': bytes }).end(Buffer.alloc(bytes))
    await post()
    await post()
    expect(receiver.connections).toBe(connections)
  })

  it('lets the status count when the rest of the answer never comes', async () => {
    clientWith(open, 200)
    receiver.answer = (response) => void response.writeHead(200).write('half')
    expect(await post()).toMatchObject({ status: 200 })
  })
})

describe('connections', () => {
  it('uses one again', async () => {
    for (let count = 0; count < 20; count += 1) await post()
    expect(receiver.connections).toBe(1)
    expect(receiver.received).toHaveLength(20)
  })

  it('tries once more at once when a kept connection turns out to be closed', async () => {
    await post()
    let first = true
    receiver.answer = (response) => {
      if (!first) return void response.writeHead(204).end()
      first = false
      return void response.socket?.resetAndDestroy()
    }
    expect(await post()).toMatchObject({ status: 204 })
    expect(receiver.connections).toBe(2)
  })

  it('does not when a fresh one is closed', async () => {
    receiver.answer = (response) => void response.socket?.resetAndDestroy()
    expect(await post()).toEqual({ kind: 'fault', fault: 'connection', unsure: true })
    expect(receiver.received).toHaveLength(1)
  })
})

describe('faults', () => {
  it('a receiver has 15 seconds where nothing else is set', () => {
    const settings = {
      PLAYBOOKS_DATABASE_URL: 'postgres://127.0.0.1/playbooks',
      BANSO_SERVICE_TOKEN_PLAYBOOKS: 'token-of-playbooks-in-a-test',
      BANSO_MASTER_KEY: Buffer.alloc(32).toString('base64'),
    }
    expect(loadConfig(settings).PLAYBOOKS_WEBHOOK_TIMEOUT_MS).toBe(15_000)
  })

  it('a receiver that does not answer in time', async () => {
    clientWith(open, 100)
    receiver.answer = () => undefined
    expect(await post()).toEqual({ kind: 'fault', fault: 'timeout', unsure: true })
  })

  it('nobody listens', async () => {
    const url = receiver.url()
    await receiver.close()
    expect(await post(url)).toEqual({ kind: 'fault', fault: 'connection', unsure: false })
    receiver = await new Receiver().listen()
  })

  it('no such name', async () => {
    expect(await post(`http://${'a'.repeat(64)}.invalid/`)).toEqual({ kind: 'fault', fault: 'dns', unsure: false })
  })

  it('https to what does not speak it', async () => {
    expect(await post(receiver.url().replace('http:', 'https:'))).toEqual({
      kind: 'fault',
      fault: 'tls',
      unsure: false,
    })
  })

  it('what answers is not HTTP', async () => {
    const server = createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'))
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
    const address = server.address()
    const port = address !== null && typeof address === 'object' ? address.port : 0
    expect(await post(`http://127.0.0.1:${port}/`)).toEqual({ kind: 'fault', fault: 'connection', unsure: true })
    server.close()
  })

  it('a private target, by address or by name, is never connected to', async () => {
    clientWith({ plainHttp: true, privateTargets: false })
    for (const host of ['127.0.0.1', '0x7f.1', '[::ffff:127.0.0.1]', 'localhost'])
      expect(await post(receiver.url('/', host))).toEqual({ kind: 'fault', fault: 'target-refused', unsure: false })
    expect(receiver.connections).toBe(0)
  })

  it('http where only https is allowed', async () => {
    clientWith({ plainHttp: false, privateTargets: true })
    expect(await post()).toEqual({ kind: 'fault', fault: 'target-refused', unsure: false })
  })

  it('is no attempt at all when it was stopped from outside', async () => {
    receiver.answer = () => undefined
    const stop = new AbortController()
    const sent = post(receiver.url(), stop.signal)
    stop.abort(new Error('shutting down'))
    await expect(sent).rejects.toThrow('shutting down')
  })

  it('nor when the client was closed under it', async () => {
    receiver.answer = () => client.close()
    await expect(post()).rejects.toThrow('no more webhooks')
  })
})
