import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { createServer, type Socket } from 'node:net'
import { Inbox } from '../../test/inbox.ts'
import { MailClient, type MailServer } from './mail-client.ts'

const never = new AbortController().signal
const mail = {
  from: 'banso@vendor.example',
  to: 'alice@customer.example',
  messageId: 'run-1-mail@vendor.example',
  language: 'ja',
  subject: '伴走のご連絡',
  text: '長い\n\n本文',
  html: '<p>長い</p>\n<p>本文</p>\n',
}

let inbox: Inbox
let client: MailClient
const clientOf = (server: Partial<MailServer> = {}): MailClient => {
  client?.close()
  client = new MailClient({
    plainText: true,
    timeoutMs: 5_000,
    connections: 2,
    ...server,
    url: server.url ?? inbox.url,
  })
  return client
}
const send = (changes: Partial<typeof mail> = {}, signal = never) => client.send({ ...mail, ...changes }, signal)

beforeEach(async () => {
  inbox = await new Inbox().listen()
  clientOf()
})
afterEach(async () => {
  client.close()
  await inbox.close()
})

describe('a mail', () => {
  it('arrives as text and HTML, under its Message-ID, to one address', async () => {
    expect(await send()).toEqual({ kind: 'answered', status: 250, retryAfterMs: 0 })
    const [{ from, to, mail: arrived } = { from: '', to: [], mail: undefined }] = inbox.mails
    expect({ from, to }).toEqual({ from: mail.from, to: [mail.to] })
    expect(arrived?.messageId).toBe('<run-1-mail@vendor.example>')
    expect(arrived?.subject).toBe('伴走のご連絡')
    expect(arrived?.text?.trim()).toBe('長い\n\n本文')
    expect(arrived?.html).toContain('<p>長い</p>')
    expect(arrived?.headers.get('auto-submitted')).toBe('auto-generated')
    expect(arrived?.headers.get('content-language')).toBe('ja')
  })

  it('takes a connection that is open', async () => {
    for (let count = 0; count < 5; count += 1) await send()
    expect(inbox.mails).toHaveLength(5)
    expect(inbox.connections).toBe(1)
  })
})

describe('a server that says no', () => {
  it.each([450, 550])('to the address, by %d', async (code) => {
    inbox.recipient = () => ({ code, message: 'alice is unknown here' })
    expect(await send()).toEqual({ kind: 'answered', status: code, retryAfterMs: 0 })
  })

  it.each([451, 552])('to the mail, by %d', async (code) => {
    inbox.taken = () => ({ code, message: 'not this one' })
    expect(await send()).toEqual({ kind: 'answered', status: code, retryAfterMs: 0 })
  })

  it('to our name and password: that is no answer to the mail', async () => {
    await inbox.close()
    inbox = await new Inbox({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: (_auth, _session, done) => done(new Error('wrong')),
    }).listen()
    clientOf({ url: `smtp://banso:wrong%40pw@127.0.0.1:${inbox.port}` })
    expect(await send()).toEqual({ kind: 'fault', fault: 'authentication', unsure: false })
  })

  it('to encryption, where it must be', async () => {
    clientOf({ plainText: false })
    expect(await send()).toMatchObject({ kind: 'fault', unsure: false })
    expect(inbox.mails).toHaveLength(0)
  })

  it('to encryption by speaking plain text', async () => {
    clientOf({ url: inbox.url.replace('smtp:', 'smtps:') })
    expect(await send()).toMatchObject({ kind: 'fault', unsure: false })
    expect(inbox.mails).toHaveLength(0)
  })
})

describe('a server that is not there', () => {
  it('nobody listens', async () => {
    const { url } = inbox
    await inbox.close()
    clientOf({ url })
    expect(await send()).toEqual({ kind: 'fault', fault: 'connection', unsure: false })
    inbox = await new Inbox().listen()
  })

  it('no such name', async () => {
    clientOf({ url: `smtp://${'a'.repeat(64)}.invalid:25` })
    expect(await send()).toMatchObject({ kind: 'fault', unsure: false })
  })

  it('one that never greets', async () => {
    const sockets: Socket[] = []
    const silent = createServer((socket) => void sockets.push(socket))
    await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done))
    const address = silent.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    clientOf({ url: `smtp://127.0.0.1:${port}`, timeoutMs: 200 })
    expect(await send()).toEqual({ kind: 'fault', fault: 'timeout', unsure: false })
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
})

describe('a mail of which nobody knows whether it arrived', () => {
  it('the server took it and did not answer in time', async () => {
    clientOf({ timeoutMs: 500 })
    const answered = Promise.withResolvers<null>()
    inbox.taken = () => answered.promise
    expect(await send()).toEqual({ kind: 'fault', fault: 'timeout', unsure: true })
    answered.resolve(null)
  })

  it('is no attempt at all when it was stopped from outside', async () => {
    const stop = new AbortController()
    const answered = Promise.withResolvers<null>()
    inbox.taken = () => {
      stop.abort(new Error('shutting down'))
      return answered.promise
    }
    await expect(send({}, stop.signal)).rejects.toThrow('shutting down')
    answered.resolve(null)
  })
})
