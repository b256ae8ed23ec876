import { HEADER, topics } from '@banso/contracts'
import { RecordTooLargeError } from '@banso/messaging'
import { createLogDatabase, eventually, type TestDatabase, unlikeGolden } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Intake } from '../src/accept-events/intake.ts'
import { basic, IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'
import { track } from './track-call.ts'

const SECRET = 'dGhpcy1pcy1hLXNlY3JldC1vZi1hLWRlc2s='
const ticketOf = (text: string) => ({
  event: 'created',
  ticketId: '1',
  status: 'new',
  createdAt: '2026-03-01T11:00:00Z',
  subject: text,
  comment: { body: text, public: true },
})
const utf8 = (text: string) => new Uint8Array(Buffer.from(text))
/** A byte per character. */
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))
const deep = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels)
const resultsOf = (body: unknown) =>
  (body as { results: { messageId: string; status: string; code?: string; pointer?: string }[] }).results

describe('bad input', () => {
  let log: TestDatabase
  let ingestion: IngestionUnderTest
  let writeKey: string
  let authorization: string

  beforeAll(async () => {
    log = await createLogDatabase()
    ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url }, requestTimeoutMs: 1_500 })
    writeKey = (await ingestion.source('product')).writeKey
    authorization = basic(writeKey)
    await ingestion.api('POST', '/v1/sources', { name: 'desk', kind: 'zendesk', signingSecret: SECRET })
  })
  afterAll(async () => {
    await ingestion?.stop()
    await log?.drop()
  })

  it('rejects the events that are bad, each with its reason, and loses none of the others', async () => {
    const body = `{"batch":[${[
      JSON.stringify(track('ok-1')),
      JSON.stringify(track('bad-1', { userId: 7 })),
      '"text"',
      JSON.stringify(track('bad-2', { properties: { text: 'x'.repeat(33_000) } })),
      `{"type":"track","userId":"u-1","event":"e","properties":${deep(10_000)}}`,
      '{"type":"track","messageId":"ok-2","userId":"u-1","event":"e","context":{"groupId":"acme"},"__proto__":{"x":1},"properties":{"__proto__":{"y":1},"constructor":{"z":1}}}',
      JSON.stringify(track('bad-3', { type: 'import' })),
      JSON.stringify(track('ok-3')),
    ].join(',')}]}`
    const answer = await ingestion.send('/v1/batch', body, { authorization })
    expect(answer.status).toBe(200)
    expect(resultsOf(answer.body)).toEqual([
      { messageId: 'ok-1', status: 'accepted' },
      expect.objectContaining({ messageId: 'bad-1', code: 'FIELD_INVALID', pointer: '/batch/1/userId' }),
      expect.objectContaining({ messageId: null, code: 'EVENT_NOT_AN_OBJECT', pointer: '/batch/2' }),
      expect.objectContaining({ messageId: 'bad-2', code: 'EVENT_TOO_LARGE', pointer: '/batch/3' }),
      expect.objectContaining({ code: 'EVENT_TOO_DEEP', pointer: '/batch/4' }),
      { messageId: 'ok-2', status: 'accepted' },
      expect.objectContaining({ messageId: 'bad-3', code: 'TYPE_UNKNOWN', pointer: '/batch/6/type' }),
      { messageId: 'ok-3', status: 'accepted' },
    ])
    for (const id of ['ok-1', 'ok-2', 'ok-3'])
      expect(await ingestion.receipt('product', id)).toMatchObject({ state: 'accepted' })
    expect(await ingestion.api('GET', '/v1/sources/product/receipts/bad-1')).toMatchObject({ status: 404 })
    const used = await ingestion.records(topics.usageEvents.name)
    expect(used.map(({ value }) => value.toString()).join()).not.toContain('__proto__')
  })

  it('rejects of a batch only the events whose bytes are no UTF-8, and keeps the others as they were sent', async () => {
    const body = Buffer.concat([
      utf8('{"batch":['),
      utf8(JSON.stringify(track('utf8-1', { properties: { note: 'written so: \uFFFD', town: '東京' } }))),
      ...[`"messageId":"bad-bytes-1","properties":{"note":"`, `"messageId":"`].flatMap((before) => [
        utf8(`,{"type":"track","userId":"u-1","event":"e",${before}caf`),
        new Uint8Array([0xe9, 0xed, 0xa0, 0x80, 0xc0, 0xa2]), // Latin-1, half a surrogate pair, an overlong quote
        utf8(before.includes('note') ? '"}}' : '"}'),
      ]),
      utf8(`,${JSON.stringify(track('utf8-2'))}]}`),
    ])
    const answer = await ingestion.send('/v1/batch', new Uint8Array(body), { authorization })
    expect(answer.status).toBe(200)
    expect(resultsOf(answer.body)).toEqual([
      { messageId: 'utf8-1', status: 'accepted' },
      expect.objectContaining({ messageId: 'bad-bytes-1', code: 'UTF8_INVALID', pointer: '/batch/1' }),
      expect.objectContaining({ messageId: null, code: 'UTF8_INVALID', pointer: '/batch/2' }),
      { messageId: 'utf8-2', status: 'accepted' },
    ])
    for (const id of ['utf8-1', 'utf8-2'])
      expect(await ingestion.receipt('product', id)).toMatchObject({ state: 'accepted' })
    const used = (await ingestion.records(topics.usageEvents.name)).map(dataOf)
    expect(used.find(({ messageId }) => messageId === 'utf8-1')).toMatchObject({
      properties: { note: 'written so: \uFFFD', town: '東京' },
    })
    const raw = (await ingestion.records(topics.received.name)).map(({ value }) => value.toString())
    expect(raw.filter((value) => value.includes('caf'))).toEqual([])
  })

  describe.each([
    ['broken JSON', utf8('{"batch":['), [400, 'JSON_INVALID'], [400, 'JSON_INVALID']],
    ['no body', utf8(''), [400, 'JSON_INVALID'], [400, 'JSON_INVALID']],
    ['bytes in no text that are no UTF-8', latin1('{"batch":[\xff]}'), [400, 'UTF8_INVALID'], [400, 'UTF8_INVALID']],
    ['bytes in a text that are no UTF-8', latin1('{"batch":"\xe9"}'), [400, 'BATCH_MISSING'], [400, 'UTF8_INVALID']],
    [
      'such a byte as an escape',
      latin1('{"batch":["\\\xff","\\u12\xff"]}'),
      [400, 'UTF8_INVALID'],
      [400, 'UTF8_INVALID'],
    ],
    ['another object', utf8('{"batch":{}}'), [400, 'BATCH_MISSING'], [422, 'TICKET_INVALID']],
    ['an array', utf8('[]'), [400, 'BATCH_MISSING'], [422, 'TICKET_INVALID']],
    ['10,000 levels', utf8(`{"batch":${deep(10_000)}}`), [400, 'BATCH_MISSING'], [422, 'TICKET_INVALID']],
    ['70,000 levels', utf8(`{"batch":${deep(70_000)}}`), [400, 'BATCH_MISSING'], [422, 'TICKET_INVALID']],
    ['more than 500 KB', utf8(`["${'x'.repeat(512_000)}"]`), [413, 'BODY_TOO_LARGE'], [413, 'BODY_TOO_LARGE']],
  ])('%s', (_, body, batch, ticket) => {
    it('has its answer as a batch, and as a ticket', async () => {
      for (const [answer, [status, code]] of [
        [await ingestion.send('/v1/batch', body, { authorization }), batch],
        [await ingestion.ticket('desk', SECRET, body), ticket],
      ] as const) {
        expect(answer).toMatchObject({ status, body: { code } })
        expect(answer.headers.get('content-type')).toContain('application/problem+json')
      }
    })
  })

  it('cuts the texts of a ticket, and refuses one that no record has room for', async () => {
    const send = (text: string, id: string) =>
      ingestion.ticket('desk', SECRET, { ...ticketOf(text), organizationExternalId: 'acme' }, { id })
    expect(await send('x'.repeat(40_000), 'long')).toMatchObject({ status: 202 })
    expect(await ingestion.receipt('desk', 'long')).toMatchObject({ state: 'accepted' })
    expect(await send('\u0001'.repeat(40_000), 'huge')).toMatchObject({ status: 422, body: { code: 'TICKET_INVALID' } })
  })

  it('leaves raw records with the fields of the golden ones', async () => {
    const raw = (await ingestion.records(topics.received.name)).map((record) => ({
      type: record.headers[HEADER.type],
      headers: record.headers,
      data: dataOf(record),
    }))
    expect(unlikeGolden(raw, topics.received.types)).toEqual([])
  })

  it('lets no record wait in the spool that the log never takes', async () => {
    const record = { key: 'k', value: Buffer.alloc(topics.received.maxRecordBytes), headers: {} }
    await expect(ingestion.part(Intake).accept([record])).rejects.toThrow(RecordTooLargeError)
    expect(await ingestion.database.query('SELECT count(*)::int AS spooled FROM spool')).toEqual([{ spooled: 0 }])
  })

  it('answers a single call that is bad with 400 and its result', async () => {
    const answer = await ingestion.send('/v1/track', { userId: 'u-1' }, { authorization })
    const result = { status: 'rejected', code: 'EVENT_NAME_MISSING', pointer: '/event' }
    expect(answer).toMatchObject({ status: 400, body: { success: false, results: [result] } })
    expect(await ingestion.send('/v1/import', {}, { authorization })).toMatchObject({ status: 404 })
  })

  it('makes a missing messageId and says which', async () => {
    const { messageId: _, ...event } = track('')
    const answer = await ingestion.send('/v1/track', event, { authorization })
    expect(answer.status).toBe(200)
    const [{ messageId } = { messageId: '' }] = resultsOf(answer.body)
    expect(await ingestion.receipt('product', messageId)).toMatchObject({ state: 'accepted' })
  })

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: basic('wrong') }],
    ['another scheme', { authorization: 'Bearer x' }],
  ])('refuses %s', async (_, headers) => {
    const answer = await ingestion.send('/v1/batch', { batch: [track('never')] }, headers)
    expect(answer).toMatchObject({ status: 401, body: { code: 'WRITE_KEY_INVALID' } })
  })

  it('takes the write key of the body', async () => {
    const answer = await ingestion.send('/v1/batch', { batch: [track('by-body')], writeKey })
    expect(answer).toMatchObject({ status: 200 })
  })

  it('unpacks gzip, up to the same size', async () => {
    const packed = (body: string) =>
      ingestion.send('/v1/batch', new Uint8Array(gzipSync(body)), { authorization, 'content-encoding': 'gzip' })
    expect(await packed(JSON.stringify({ batch: [track('packed')] }))).toMatchObject({ status: 200 })
    expect(await packed(JSON.stringify({ batch: ['x'.repeat(20_000_000)] }))).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE' },
    })
    const not = await ingestion.send('/v1/batch', '{}', { authorization, 'content-encoding': 'gzip' })
    expect(not).toMatchObject({ status: 400, body: { code: 'ENCODING_INVALID' } })
    const other = await ingestion.send('/v1/batch', '{}', { authorization, 'content-encoding': 'br' })
    expect(other).toMatchObject({ status: 415 })
  })

  /** What a client hears that sends a head, and then `bytes` at a time for ever. */
  const sendForEver = (path: string, bytes: string, everyMs: number): Promise<string> =>
    new Promise((resolve) => {
      const { hostname, port } = new URL(ingestion.capture)
      const socket = connect(Number(port), hostname)
      let heard = ''
      socket.write(
        `POST ${path} HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n`,
      )
      socket.write(`authorization: ${authorization}\r\n\r\n`)
      const chunk = `${bytes.length.toString(16)}\r\n${bytes}\r\n`
      const timer = setInterval(() => socket.write(chunk), everyMs)
      socket.on('data', (data) => (heard += data.toString()))
      socket.on('error', () => undefined) // the server may reset what it no longer reads
      socket.on('close', () => {
        clearInterval(timer)
        resolve(heard)
      })
    })

  it('ends a body that never ends, be it fast or slow, a batch or a ticket', async () => {
    const paths = ['/v1/batch', '/v1/webhooks/zendesk/desk']
    const heard = await Promise.all([
      ...paths.map((path) => sendForEver(path, 'x'.repeat(60_000), 20)),
      ...paths.map((path) => sendForEver(path, 'x', 100)),
    ])
    expect(heard.map((answer) => answer.slice(0, 13))).toEqual(
      ['413', '413', '408', '408'].map((s) => `HTTP/1.1 ${s} `),
    )
  })

  it('lives on after all of it', async () => {
    expect(await ingestion.batch(writeKey, [track('after-all')])).toMatchObject({ status: 200 })
    expect(await ingestion.receipt('product', 'after-all')).toMatchObject({ state: 'accepted' })
  })

  it('refuses a revoked key within two seconds', async () => {
    const key = await ingestion.key('product')
    expect(await ingestion.batch(key.writeKey, [track('before')])).toMatchObject({ status: 200 })
    expect(await ingestion.api('DELETE', `/v1/sources/product/keys/${key.id}`)).toMatchObject({ status: 204 })
    await eventually(
      async () => expect(await ingestion.batch(key.writeKey, [track('late')])).toMatchObject({ status: 401 }),
      { timeoutMs: 2_000 },
    )
  })

  it('lets browsers in with their keys, across origins, with less to say', async () => {
    const preflight = await fetch(`${ingestion.capture}/v1/t`, {
      method: 'OPTIONS',
      headers: { origin: 'https://a.test' },
    })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    const browser = await ingestion.key('product', 'browser')
    const answer = await ingestion.batch(browser.writeKey, [
      track('b-1'),
      track('b-2', { type: 'group', groupId: 'g' }),
    ])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(resultsOf(answer.body).map(({ status, code }) => code ?? status)).toEqual([
      'accepted',
      'CALL_FORBIDDEN_FOR_KEY',
    ])
    const plain = { 'content-type': 'text/plain', authorization: basic(browser.writeKey) }
    expect(await ingestion.send('/v1/t', track('b-3'), plain)).toMatchObject({ status: 200 })
    const server = await ingestion.batch(writeKey, [track('s-1')])
    expect(server.headers.get('access-control-allow-origin')).toBeNull()
  })
})
