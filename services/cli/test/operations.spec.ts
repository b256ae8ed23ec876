// `status`, `resume`, `rebuild`, `dead`: the answers are those of the operations API of libs/messaging.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { LocalService, type Reply } from './local-service.ts'
import { run } from './run.ts'

const names = ['ingestion', 'accounts', 'health', 'journeys', 'playbooks'] as const
const local = new Map<string, LocalService>()
const environment: Record<string, string> = {}

beforeAll(async () => {
  for (const name of names) {
    const service = await LocalService.start()
    local.set(name, service)
    environment[`BANSO_${name.toUpperCase()}_URL`] = service.url
    environment[`BANSO_SERVICE_TOKEN_${name.toUpperCase()}`] = `token-of-${name}`
  }
})
afterAll(() => Promise.all([...local.values()].map((service) => service.stop())))

const banso = (...words: string[]) => run(environment, ...words)
const serviceOf = (name: (typeof names)[number]): LocalService => {
  const service = local.get(name)
  if (!service) throw new Error(`${name} is started before the tests`)
  return service
}

const group = { group: 'health', state: 'running', reason: null, lag: 0, parked: 0, dead: 0, partitions: [] }
const outbox = { state: 'sending', reason: null, rows: 0, oldestSeconds: 0 }
const well = (name: string) => ({ service: name, groups: [{ ...group, group: name }], outbox })

/** Each service answers this of itself; `ready` is the body of a 503. */
const answering = (
  name: (typeof names)[number],
  { operations, notReady }: { operations?: Reply; notReady?: unknown } = {},
) =>
  serviceOf(name).answer(({ url }) =>
    url === '/health/ready'
      ? notReady === undefined
        ? { body: { status: 'ok', error: {} } }
        : { status: 503, body: notReady }
      : (operations ?? { body: well(name) }),
  )

const allWell = (): void => names.forEach((name) => answering(name))

/** The services that said how they are. */
const answered = (out: string): string[] => {
  const { services } = JSON.parse(out) as { services: { service: string; operations: unknown }[] }
  return services.flatMap(({ service, operations }) => (operations === null ? [] : [service]))
}

describe('banso status', () => {
  it('shows every service in one table', async () => {
    allWell()
    answering('health', {
      operations: {
        body: {
          ...well('health'),
          groups: [{ ...group, lag: 1200, parked: 3, dead: 1 }],
          outbox: { ...outbox, rows: 7, oldestSeconds: 12.4 },
        },
      },
    })
    const { exit, out, err } = await banso('status')
    expect({ exit, err }).toEqual({ exit: 0, err: '' })
    expect(out).toBe(
      [
        'SERVICE    READY  GROUP      STATE    LAG   PARKED  DEAD  OUTBOX  OUTBOX AGE',
        'ingestion  yes    ingestion  running  0     0       0     0       0 s',
        'accounts   yes    accounts   running  0     0       0     0       0 s',
        'health     yes    health     running  1200  3       1     7       12 s',
        'journeys   yes    journeys   running  0     0       0     0       0 s',
        'playbooks  yes    playbooks  running  0     0       0     0       0 s',
        '',
      ].join('\n'),
    )
    expect(serviceOf('health').asked).toContainEqual(
      expect.objectContaining({ url: '/v1/operations/status', authorization: 'Bearer token-of-health' }),
    )
  })

  it('exits 5 when a service is not ready, and says which check', async () => {
    allWell()
    answering('accounts', {
      notReady: { status: 'error', error: { database: { status: 'down', reason: 'unavailable' } } },
    })
    const { exit, out, err } = await banso('status')
    expect(exit).toBe(5)
    expect(out).toContain('accounts: database: unavailable\n')
    expect(err).toBe('banso: not well: accounts\n')
  })

  it.each([
    [
      'a group that is stopped',
      { ...well('health'), groups: [{ ...group, state: 'stopped', reason: 'another log' }] },
      'health: health stopped: another log\n',
    ],
    [
      'an outbox behind its log',
      { ...well('health'), outbox: { ...outbox, state: 'behind', reason: 'restored' } },
      'health: outbox behind: restored\n',
    ],
  ])('exits 5 for %s, with the reason', async (_, body, remark) => {
    allWell()
    answering('health', { operations: { body } })
    const { exit, out } = await banso('status')
    expect(exit).toBe(5)
    expect(out).toContain(remark)
  })

  it('exits 3 when a service cannot be reached, and still shows the others', async () => {
    allWell()
    const gone = await LocalService.start()
    await gone.stop()
    const { exit, out, err } = await run({ ...environment, BANSO_HEALTH_URL: gone.url }, 'status', '--json')
    expect(exit).toBe(3)
    expect(err).toBe(`banso: cannot reach health at ${gone.url}: ECONNREFUSED\n`)
    expect(answered(out)).toEqual(['ingestion', 'accounts', 'journeys', 'playbooks'])
  })

  it.each([
    [
      'that is misspelt',
      { BANSO_HEALTH_URL: 'htp:/127.0.0.1' },
      'the address of health is not an http(s) URL: htp:/127.0.0.1',
    ],
    [
      'that nobody named',
      { BANSO_HEALTH_URL: '' },
      'the address of health is not known: start Banso first, name its folder by --home, or set BANSO_HEALTH_URL',
    ],
    [
      'whose token nobody named',
      { BANSO_SERVICE_TOKEN_HEALTH: '' },
      'the token of health is not known: start Banso first, name its folder by --home, or set BANSO_SERVICE_TOKEN_HEALTH',
    ],
  ])('exits 2 for a service %s, and still shows the others', async (_, wrong, fault) => {
    allWell()
    const { exit, out, err } = await run({ ...environment, ...wrong }, 'status')
    expect({ exit, err }).toEqual({ exit: 2, err: `banso: ${fault}\n` })
    expect(out).toContain('health     no     -          -        -    -       -     -       -\n')
    expect(out).toContain(`\nhealth: ${fault}\n`)
    expect(answered((await run({ ...environment, ...wrong }, 'status', '--json')).out)).not.toContain('health')
  })

  it('says one thing where no installation is known', async () => {
    const { exit, out, err } = await run({}, 'status')
    expect({ exit, out }).toEqual({ exit: 2, out: '' })
    expect(err).toMatch(/^banso: the address of ingestion is not known: [^\n]*\n$/)
  })
})

describe('operations on a service', () => {
  it('resumes where it is told', async () => {
    serviceOf('health').answer({ body: { groups: ['health'], outboxGeneration: null } })
    const { exit, out } = await banso('resume', 'health', '--at', 'end')
    expect({ exit, out }).toEqual({ exit: 0, out: 'resumed at end: health\n' })
    expect(serviceOf('health').asked).toEqual([
      { method: 'POST', url: '/v1/operations/resume', authorization: 'Bearer token-of-health', body: { at: 'end' } },
    ])
  })

  it('exits 1 when nothing is stopped', async () => {
    serviceOf('health').answer({ status: 409, body: { code: 'NOT_STOPPED', detail: 'no group is stopped' } })
    const { exit, err } = await banso('resume', 'health', '--at', 'progress')
    expect({ exit, err }).toEqual({ exit: 1, err: 'banso: health refused: NOT_STOPPED: no group is stopped\n' })
  })

  it('rebuilds only when told so twice', async () => {
    serviceOf('accounts').answer({ status: 202, body: { state: 'rebuilding' } })
    expect((await banso('rebuild', 'accounts')).exit).toBe(2)
    expect(serviceOf('accounts').asked).toEqual([])
    expect((await banso('rebuild', 'accounts', '--yes')).exit).toBe(0)
    expect((await banso('rebuild', 'accounts', '--yes', '--lose-history')).exit).toBe(0)
    expect(serviceOf('accounts').asked).toMatchObject(
      [false, true].map((loseHistory) => ({ method: 'POST', url: '/v1/operations/rebuild', body: { loseHistory } })),
    )
  })

  it('lists dead messages', async () => {
    const letter = {
      id: '7',
      type: 'ingestion.product-used.v1',
      key: 'k',
      reason: 'schema',
      message: 'a\nb',
      attempts: 1,
      diedAt: '2026-01-01T00:00:00.000Z',
    }
    serviceOf('health').answer({ body: { items: [letter], next: null } })
    const { out } = await banso('dead', 'list', 'health', '--limit', '5')
    expect(out).toContain('7   ingestion.product-used.v1  k    schema  a b      1         2026-01-01T00:00:00.000Z\n')
    expect(serviceOf('health').asked[0]?.url).toBe('/v1/operations/dead?limit=5')
  })

  it.each([
    [['7', '8'], { ids: ['7', '8'] }],
    [['--all'], { all: true }],
    [['--all', '--max', '10'], { all: true, max: 10 }],
  ])('replays %j', async (words, body) => {
    serviceOf('health').answer({ body: { counted: 2, replayed: 1 } })
    const { exit, out } = await banso('dead', 'replay', 'health', ...words)
    expect({ exit, out }).toEqual({ exit: 0, out: 'replayed 1 of 2\n' })
    expect(serviceOf('health').asked).toMatchObject([{ method: 'POST', url: '/v1/operations/dead/replay', body }])
  })
})
