import { createDatabase, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { connect } from 'node:net'
import { fastifyAdapter } from '../src/http/fastify-adapter.ts'
import { authorized, type Sample, startSample, TOKEN } from './sample-app.ts'

let database: TestDatabase
let sample: Sample

const get = (url: string, headers: Record<string, string> = authorized) => sample.app.inject({ url, headers })
const post = (payload: string, headers: Record<string, string> = {}) =>
  sample.app.inject({
    method: 'POST',
    url: '/v1/accounts',
    payload,
    headers: { 'content-type': 'application/json', ...authorized, ...headers },
  })

export const describeHttp = (): void => {
  describe('h', () => {
    beforeAll(async () => {
      database = await createDatabase()
      sample = await startSample(database.url)
    })
    afterAll(async () => {
      await sample?.app.close()
      await database?.drop()
    })

    describe('service tokens', () => {
      it.each([
        ['none', {}],
        ['another', { authorization: 'Bearer something-else' }],
        ['a longer one', { authorization: `Bearer ${TOKEN}x` }],
        ['another scheme', { authorization: `Basic ${TOKEN}` }],
        ['an empty one', { authorization: 'Bearer ' }],
      ])('%s is refused', async (_what, headers) => {
        const answer = await get('/v1/time', headers)
        expect(answer.statusCode).toBe(401)
        expect(answer.headers['content-type']).toContain('application/problem+json')
        expect(answer.json()).toMatchObject({ code: 'TOKEN_INVALID', status: 401, title: 'Unauthorized' })
      })

      it('the right one passes, and public routes need none', async () => {
        expect((await get('/v1/time')).statusCode).toBe(200)
        expect((await get('/v1/open', {})).payload).toBe('open')
      })
    })

    describe('problem answers', () => {
      it.each(['/v1/accounts/%00', '/v1/accounts/7?x=%00'])(
        'refuse a NUL, which no database takes: %s',
        async (url) => {
          const answer = await get(url)
          expect([answer.statusCode, answer.headers['content-type']]).toEqual([
            400,
            'application/problem+json; charset=utf-8',
          ])
          expect(answer.json()).toMatchObject({ code: 'REQUEST_INVALID', status: 400 })
        },
      )

      it('show the code, status and pointer of an error of ours', async () => {
        const answer = await get('/v1/accounts/7')
        expect(answer.statusCode).toBe(404)
        expect(answer.json()).toEqual({
          type: 'about:blank',
          title: 'Not Found',
          status: 404,
          code: 'ACCOUNT_NOT_FOUND',
          detail: 'no such account',
          errors: [{ pointer: '/id', message: 'no such account' }],
        })
      })

      it('give every fault of a body its pointer', async () => {
        const body = { name: 1, seats: 2.5, contacts: [{ email: 'a' }, { email: 5, 'x/y': 1 }], extra: true }
        const answer = await post(JSON.stringify(body))
        expect(answer.statusCode).toBe(400)
        const { code, errors } = answer.json<{ code: string; errors: { pointer: string }[] }>()
        expect(code).toBe('VALIDATION_FAILED')
        expect(errors.map((error) => error.pointer).toSorted()).toEqual(
          ['/contacts/1/email', '/contacts/1/x~1y', '/extra', '/name', '/seats'].toSorted(),
        )
      })

      it('take a valid body as its class', async () => {
        const answer = await post(JSON.stringify({ name: 'ミナト', seats: 3, contacts: [] }))
        expect([answer.statusCode, answer.json()]).toEqual([201, { class: 'AccountDto' }])
      })

      it.each([
        ['broken JSON', '{"name": "alice@example.com', {}, 400, 'JSON_INVALID'],
        ['an empty body', '', {}, 400, 'JSON_INVALID'],
        ['a __proto__ key', '{"__proto__": {"admin": true}}', {}, 400, 'JSON_INVALID'],
        ['a body over the limit', JSON.stringify({ name: 'x'.repeat(3_000) }), {}, 413, 'BODY_TOO_LARGE'],
        ['another media type', '<a/>', { 'content-type': 'application/xml' }, 415, 'MEDIA_TYPE_UNSUPPORTED'],
      ])('%s', async (_what, payload, headers, status, code) => {
        const answer = await post(payload, headers)
        expect(answer.headers['content-type']).toContain('application/problem+json')
        expect(answer.json()).toMatchObject({ status, code })
        expect(answer.payload).not.toContain('alice@example.com')
      })

      it('a route that does not exist, without its path', async () => {
        const answer = await get('/v1/nothing/alice@example.com')
        expect(answer.json()).toMatchObject({ status: 404, code: 'NOT_FOUND', detail: 'no such route' })
      })

      it('say when it is worth asking again', async () => {
        const answer = await get('/v1/accounts/busy')
        expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '7'])
        expect(answer.json()).toMatchObject({ code: 'BUSY', detail: 'ask again later' })
      })

      it('a path that cannot be decoded', async () => {
        const answer = await get('/v1/accounts/%ff')
        expect(answer.headers['content-type']).toContain('application/problem+json')
        expect(answer.json()).toMatchObject({ status: 400, code: 'REQUEST_INVALID' })
      })

      it("an exception of Nest's", async () => {
        const answer = await get('/v1/accounts/forbidden')
        expect(answer.json()).toMatchObject({ status: 403, code: 'FORBIDDEN', detail: 'not yours' })
      })

      it.each([
        ['crash', 'INTERNAL', 'TypeError'],
        ['lost', 'ROW_LOST', 'LostRowError'],
      ])('%s: shows nothing of the inside, and is logged once', async (id, code, type) => {
        const before = sample.lines.length
        const answer = await get(`/v1/accounts/${id}`)
        expect(answer.statusCode).toBe(500)
        expect(answer.json()).toMatchObject({ code, detail: 'something went wrong on our side' })
        const logged = sample.lines.slice(before)
        expect(logged.map((line): unknown => JSON.parse(line))).toEqual([
          expect.objectContaining({
            level: 'error',
            route: '/v1/accounts/:id',
            err: expect.objectContaining({ type }),
          }),
        ])
        expect(logged.join()).not.toContain(`accounts/${id}`)
      })
    })

    describe("a schema of Fastify's", () => {
      it('is refused: its compilers are not loaded', async () => {
        const fastify = fastifyAdapter().getInstance()
        fastify.get('/x', { schema: { querystring: { type: 'object' } } }, () => 'x')
        await expect(Promise.resolve(fastify.ready())).rejects.toThrow(
          'a route of Fastify has a schema; ours have DTOs',
        )
      })
    })

    describe('a connection that speaks no HTTP', () => {
      it('is refused, and the service lives', async () => {
        const socket = connect(Number(new URL(await sample.app.getUrl()).port), '127.0.0.1')
        const answer = await new Promise<string>((resolve, reject) => {
          socket.once('data', (data) => resolve(data.toString()))
          socket.once('error', reject)
          socket.write('\u0000\u0001 nonsense\r\n\r\n')
        })
        socket.destroy()
        expect(answer).toMatch(/^HTTP\/1\.1 400/)
        expect((await get('/health/live', {})).statusCode).toBe(200)
      })
    })
  })
}
