// What people ask about accounts, and say of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { type Asked, LocalService, type Reply } from './local-service.ts'
import { run } from './run.ts'

const id = '97214a4c-fb15-53e4-b2e7-ee0e803ab15e'
let service: LocalService
let environment: Record<string, string>
const answers = new Map<string, Reply>()

beforeAll(async () => {
  service = await LocalService.start()
  const names = ['ACCOUNTS', 'HEALTH', 'JOURNEYS', 'PLAYBOOKS']
  environment = Object.fromEntries(
    names.flatMap((name) => [
      [`BANSO_${name}_URL`, service.url],
      [`BANSO_SERVICE_TOKEN_${name}`, `of-${name.toLowerCase()}`],
    ]),
  )
  environment['USER'] = 'mika'
})
afterAll(() => service?.stop())
beforeEach(() => {
  answers.clear()
  service.answer(
    ({ method, url }) =>
      answers.get(`${method} ${url}`) ?? { status: 404, body: { code: 'NOT_FOUND', detail: 'none' } },
  )
  answer('GET /v1/accounts?externalId=acme&limit=5', { items: [{ accountId: id }], next: null })
})

const answer = (call: string, body: object, status = 200): void => void answers.set(call, { status, body })
const banso = (...words: string[]) => run(environment, ...words)
const asked = (method: string): Asked[] => service.asked.filter((one) => one.method === method)

const profile = { accountId: id, externalId: 'acme', name: 'アクメ株式会社' }
const score = {
  score: 32.44,
  band: 'red',
  day: '2026-02-01',
  coverage: 0.876,
  outcome: { score: 28 },
  experience: { score: null },
  why: [
    { measure: 'frequency', label: 'Frequency', contribution: -12.34, text: '2 active days of 28' },
    { measure: 'tickets', label: 'Open tickets', contribution: 4, text: 'none\u001b[31m' },
  ],
}

const known = (): void => {
  answer(`GET /v1/accounts/${id}`, profile)
  answer(`GET /v1/accounts/${id}/score`, score)
}

describe('banso usage', () => {
  it('asks for days, and for what was known then', async () => {
    answer(`GET /v1/accounts/${id}/usage?from=2026-01-01&to=2026-01-31&knownOn=2026-02-01&limit=2`, {
      items: [],
      next: null,
    })
    const words = ['--from', '2026-01-01', '--to', '2026-01-31', '--known-on', '2026-02-01', '--limit', '2']
    expect(await banso('usage', id, ...words)).toMatchObject({ exit: 0, out: 'it did nothing on these days\n' })
  })
})

describe('banso account', () => {
  it('finds an account by its id, or by the id that the product knows it by', async () => {
    known()
    for (const words of [[id], ['acme'], ['--external', 'acme']]) {
      const { exit, out } = await banso('account', ...words)
      expect(exit).toBe(0)
      expect(out.split('\n')[0]).toBe(`アクメ株式会社 (acme)  ${id}`)
    }
  })

  it('shows what services say and leaves open what they do not know; no text steers the terminal', async () => {
    known()
    const { out } = await banso('account', id)
    expect(out.split('\n').slice(1)).toEqual([
      'Health     32.4 red  outcome 28.0  experience -  coverage 88 %  on 2026-02-01',
      '  -12.3  Frequency     2 active days of 28',
      '   +4.0  Open tickets  none [31m',
      'Journey    none yet',
      'Tickets',
      '  none',
      'Runs',
      '  none',
      'Open tasks',
      '  none',
      '',
    ])
  })

  it('says who set the score in place of the computed one', async () => {
    known()
    const override = { score: 80, reason: 'known-absence', owner: 'mika', until: '2026-03-01T00:00:00.000Z' }
    answer(`GET /v1/accounts/${id}/score`, { ...score, override, computed: { score: 32.44, band: 'red' } })
    expect((await banso('account', id)).out).toContain(
      '  set by mika until 2026-03-01T00:00:00.000Z: known-absence; computed 32.4\n',
    )
  })

  it('asks for a few of each list only, and says when there are more', async () => {
    known()
    answer(`GET /v1/runs?account=${id}&limit=5`, { items: [{ decidedAt: '2026-02-01T09:30:00.000Z' }], next: 'abc' })
    expect((await banso('account', id)).out).toContain('Runs  (and more)\n  2026-02-01 09:30')
  })

  it('shows what the others say when a service fails, and ends with its fault', async () => {
    known()
    answer(`GET /v1/accounts/${id}/journey`, { code: 'INTERNAL', detail: 'something' }, 500)
    const { exit, out, err } = await banso('account', id, '--json')
    expect({ exit, err }).toEqual({ exit: 4, err: 'banso: journeys failed: INTERNAL: something\n' })
    expect(JSON.parse(out)).toMatchObject({ id, profile, score: { score: 32.44 }, journey: null, tasks: null })
  })

  it('exits 1 for an account that nobody knows, and for an id that several have', async () => {
    expect(await banso('account', id)).toMatchObject({
      exit: 1,
      out: '',
      err: `banso: no service knows an account ${id}\n`,
    })
    answer('GET /v1/accounts?externalId=acme&limit=5', {
      items: [{ accountId: id }, { accountId: 'other' }],
      next: null,
    })
    expect((await banso('account', 'acme')).err).toBe(
      `banso: several accounts are known by the id acme\n  ${id}\n  other\n`,
    )
    answer('GET /v1/accounts?externalId=nobody&limit=5', { items: [], next: null })
    expect(await banso('account', 'nobody')).toMatchObject({
      exit: 1,
      err: 'banso: the product knows no account by the id nobody (banso accounts lists them)\n',
    })
  })
})

describe('banso accounts', () => {
  it('joins the scores with the names; one without a profile has none', async () => {
    const other = '00000000-0000-5000-8000-000000000000'
    answer('GET /v1/accounts?band=red&sort=score&limit=2', {
      items: [
        { accountId: other, score: 12, band: 'red', day: '2026-02-01' },
        { accountId: id, score: 32.4, band: 'red', day: '2026-02-01' },
      ],
      next: 'abc',
    })
    answer(`GET /v1/accounts/${id}`, profile)
    const { exit, out } = await banso('accounts', '--band', 'red', '--sort', 'score', '--limit', '2')
    expect(exit).toBe(0)
    expect(out).toBe(
      [
        'SCORE  BAND  NAME            EXTERNAL ID  ACCOUNT                               DAY',
        `12.0   red   -               -            ${other}  2026-02-01`,
        `32.4   red   アクメ株式会社  acme         ${id}  2026-02-01`,
        'more: --cursor abc',
        '',
      ].join('\n'),
    )
  })

  it('fails when the names cannot be had', async () => {
    answer('GET /v1/accounts', { items: [{ accountId: id }], next: null })
    answer(`GET /v1/accounts/${id}`, { code: 'UNAVAILABLE', detail: 'away' }, 503)
    expect((await banso('accounts')).exit).toBe(4)
  })
})

describe('what people say', () => {
  it('sets and clears a score', async () => {
    answer(`PUT /v1/accounts/${id}/override`, { accountId: id, score: 80, band: 'green' })
    answer(`DELETE /v1/accounts/${id}/override`, { accountId: id, score: 32.4, band: 'red' })
    const words = ['--score', '80', '--reason', 'other', '--owner', 'mika', '--until', '2026-03-01T00:00:00Z']
    expect((await banso('override', 'set', 'acme', ...words)).out).toContain('score    80.0\n')
    expect(asked('PUT')[0]?.body).toEqual({ score: 80, reason: 'other', owner: 'mika', until: '2026-03-01T00:00:00Z' })
    expect((await banso('override', 'clear', 'acme')).exit).toBe(0)
  })

  it('reaches a milestone', async () => {
    answer(`POST /v1/accounts/${id}/milestones/kick-off`, {
      journey: { name: 'starter', version: 1 },
      stage: 'onboarding',
    })
    expect((await banso('milestones', 'reach', 'acme', 'kick-off', '--note', 'met them')).exit).toBe(0)
    expect(asked('POST')[0]?.body).toEqual({ note: 'met them', by: 'mika' })
    expect((await banso('milestones', 'reach', 'acme', 'kick-off')).exit).toBe(2)
  })

  it('takes a milestone back', async () => {
    answer(`DELETE /v1/accounts/${id}/milestones/kick-off`, { stage: 'onboarding' })
    expect(await banso('milestones', 'take-back', 'acme', 'kick-off')).toEqual({
      exit: 0,
      out: 'kick-off is not reached\n',
      err: '',
    })
    expect((await banso('milestones', 'take-back', 'acme', 'other')).exit).toBe(1)
  })

  it('closes a task', async () => {
    answer('POST /v1/tasks/t-1/done', { id: 't-1', state: 'done' })
    expect((await banso('tasks', 'done', 't-1', '--by', 'ken', '--note', 'called')).out).toContain('state  done\n')
    expect(asked('POST')[0]?.body).toEqual({ by: 'ken', note: 'called' })
  })

  it('tries actions again, and tells those that were when a later one is refused', async () => {
    answer(`POST /v1/actions/${id}/tell/redrive`, { id: `${id}-tell`, state: 'requested' })
    const { exit, out, err } = await banso('actions', 'redrive', `${id}-tell`, `${id}-so-long`, '--json')
    expect({ exit, err }).toEqual({ exit: 1, err: 'banso: playbooks refused: NOT_FOUND: none\n' })
    expect(JSON.parse(out)).toEqual({ items: [{ id: `${id}-tell`, state: 'requested' }] })
    expect(asked('POST').map(({ url }) => url)).toEqual([
      `/v1/actions/${id}/tell/redrive`,
      `/v1/actions/${id}/so-long/redrive`,
    ])
  })

  it.each([
    [['pause', 'p'], '/v1/playbooks/p/pause'],
    [['resume', '--all'], '/v1/playbooks/resume'],
    [['activate', 'p'], '/v1/playbooks/p/activate'],
    [['observe', 'p'], '/v1/playbooks/p/observe'],
  ])('controls playbooks: %j', async (words, url) => {
    answer(`POST ${url}`, { playbook: words.includes('p') ? 'p' : null, paused: false, mode: 'active' })
    const { exit, out } = await banso('playbooks', ...words, '--reason', 'a test')
    expect({ exit, out }).toEqual({
      exit: 0,
      out: `${words.includes('p') ? 'p' : 'all playbooks'}: not paused, active\n`,
    })
    expect(asked('POST')[0]).toMatchObject({ url, body: { by: 'mika', reason: 'a test' } })
  })
})
