import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { LocalService } from './local-service.ts'
import { run } from './run.ts'

let service: LocalService
let environment: Record<string, string>

beforeAll(async () => {
  service = await LocalService.start()
  environment = Object.fromEntries(
    ['INGESTION', 'ACCOUNTS', 'HEALTH', 'PLAYBOOKS'].flatMap((name) => [
      [`BANSO_${name}_URL`, service.url],
      [`BANSO_SERVICE_TOKEN_${name}`, `token-of-${name.toLowerCase()}`],
    ]),
  )
})
afterAll(() => service?.stop())

const banso = (...words: string[]) => run(environment, ...words)

describe('a command that succeeds', () => {
  it('asks its service with its token and prints for people', async () => {
    service.answer({ status: 201, body: { id: 'k1', kind: 'server', writeKey: 'secret' } })
    const { exit, out, err } = await banso('keys', 'create', 'app')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toBe('id         k1\nkind       server\nwrite key  secret\n')
    expect(service.asked).toEqual([
      {
        method: 'POST',
        url: '/v1/sources/app/keys',
        authorization: 'Bearer token-of-ingestion',
        body: { kind: 'server' },
      },
    ])
  })

  it('prints one JSON value with --json, before the command or after', async () => {
    const page = { items: [{ name: 'app', namespace: 'default' }], next: null }
    service.answer({ body: page })
    for (const words of [
      ['--json', 'sources', 'list'],
      ['sources', 'list', '--json'],
    ]) {
      const { exit, out } = await banso(...words)
      expect(exit).toBe(0)
      expect(out.split('\n')).toHaveLength(2)
      expect(JSON.parse(out)).toEqual(page)
    }
  })

  it('pages, and says how to go on', async () => {
    service.answer({ body: { items: [{ name: 'app' }], next: 'abc' } })
    const { out } = await banso('sources', 'list', '--limit', '1', '--cursor', 'a&b')
    expect(service.asked[0]?.url).toBe('/v1/sources?limit=1&cursor=a%26b')
    expect(out).toMatch(/more: --cursor abc\n$/)
    service.answer({ body: { items: [], next: null } })
    expect((await banso('sources', 'list')).out).toBe('there are no sources\n')
  })

  it('keeps ids inside their part of the path', async () => {
    service.answer({ body: { state: 'accepted' } })
    await banso('receipt', 'app', '../../keys?x=1#y')
    expect(service.asked[0]?.url).toBe('/v1/sources/app/receipts/..%2F..%2Fkeys%3Fx%3D1%23y')
  })

  it('takes an answer without a body', async () => {
    service.answer({ status: 204 })
    const { exit, out } = await banso('keys', 'revoke', 'app', 'k1', '--json')
    expect(exit).toBe(0)
    expect(JSON.parse(out)).toEqual({ source: 'app', id: 'k1', revoked: true })
    expect(service.asked[0]).toMatchObject({ method: 'DELETE', url: '/v1/sources/app/keys/k1', body: undefined })
  })
})

describe('a command that fails', () => {
  const problem = {
    title: 'Bad Request',
    status: 400,
    code: 'VALIDATION_FAILED',
    detail: 'fields are malformed',
    errors: [{ pointer: '/name', message: 'must be short' }],
  }

  it('exits 1 when refused, with code, detail and pointers on stderr and nothing on stdout', async () => {
    service.answer({ status: 400, body: problem })
    expect(await banso('sources', 'create', 'x', '--json')).toEqual({
      exit: 1,
      out: '',
      err: 'banso: ingestion refused: VALIDATION_FAILED: fields are malformed\n  /name: must be short\n',
    })
  })

  it('exits 4 when the service failed, or answers what is not JSON', async () => {
    service.answer({ status: 503, body: { code: 'UNAVAILABLE', detail: 'the log is away' } })
    expect(await banso('sources', 'list')).toMatchObject({
      exit: 4,
      err: 'banso: ingestion failed: UNAVAILABLE: the log is away\n',
    })
    service.answer({ body: '<html>' })
    expect(await banso('sources', 'list')).toMatchObject({ exit: 4, out: '' })
  })

  it('lets no text of a service steer the terminal', async () => {
    const errors = [{ pointer: '/a', message: 'b\n\u001b[2Jc\u202ed' }]
    service.answer({ status: 400, body: { code: 'REFUSED', detail: 'not \u001b]0;x\u0007so', errors } })
    expect((await banso('sources', 'list')).err).toBe(
      'banso: ingestion refused: REFUSED: not  ]0;x so\n  /a: b  [2Jc d\n',
    )
  })

  it('follows no redirect with its token', async () => {
    service.answer(({ url }) =>
      url === '/elsewhere' ? { body: {} } : { status: 302, body: {}, location: '/elsewhere' },
    )
    expect((await banso('sources', 'list')).exit).not.toBe(0)
    expect(service.asked.map(({ url }) => url)).toEqual(['/v1/sources'])
  })

  it('exits 3 when nobody answers', async () => {
    const gone = await LocalService.start()
    await gone.stop()
    const { exit, err } = await run({ ...environment, BANSO_INGESTION_URL: gone.url }, 'sources', 'list')
    expect(exit).toBe(3)
    expect(err).toBe(`banso: cannot reach ingestion at ${gone.url}: ECONNREFUSED\n`)
  })

  it.each([
    [['sources', 'create']],
    [['nonsense']],
    [['sources', 'list', '--nonsense']],
    [['keys', 'create', 'app', '--kind', 'other']],
    [['resume', 'health']],
    [['resume', 'health', '--at', 'yesterday']],
    [['resume', 'capture', '--at', 'end']],
    [['rebuild', 'health']],
    [['dead', 'replay', 'health']],
    [['dead', 'replay', 'health', '7', '--all']],
    [['dead', 'replay', 'health', '--all', '--max', '0']],
    [['keys', 'list', '..']],
    [['keys', 'revoke', 'app', '']],
    [['playbooks', 'pause']],
    [['playbooks', 'resume', 'x', '--all']],
    [['playbooks', 'pause', 'x']], // and nobody says who
    [['actions', 'redrive', 'tell']],
    [['account']],
    [['account', 'x', '--external', 'y']],
    [['accounts', '--sort', 'name']],
    [['override', 'set', 'x', '--reason', 'other', '--owner', 'x', '--until', 'x', '--score', 'high']],
    [['blueprints', 'show', 'Segment', 'x']],
    [['journeys', 'accounts', 'x', '--state', 'lost']],
    [['apply', '/nowhere.yaml']],
  ])('exits 2 without asking anyone: banso %j', async (words) => {
    service.answer({})
    const { exit, out, err } = await banso(...words)
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).not.toBe('')
    expect(service.asked).toEqual([])
  })

  it('exits 2 and says what to set when an address or a token is not known', async () => {
    expect(await run({}, 'sources', 'list')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('BANSO_INGESTION_URL'),
    })
    const { BANSO_SERVICE_TOKEN_HEALTH: _, ...rest } = environment
    expect(await run(rest, 'dead', 'list', 'health')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('BANSO_SERVICE_TOKEN_HEALTH'),
    })
  })
})

describe('help', () => {
  it('exits 0 and names the exit codes', async () => {
    const { exit, out } = await banso('--help')
    expect(exit).toBe(0)
    expect(out).toContain('5  status: a service is not ready')
  })
})
