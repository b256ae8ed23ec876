// What health promises, over either log.
import { type AccountScored, topics } from '@banso/contracts'
import {
  accountProfiled,
  blueprintReads,
  documentOf,
  eventually,
  metricFaults,
  operatorReads,
  operatorWrites,
  productUsed,
  type ServiceUnderTest,
  ticketOpened,
  unlikeGolden,
} from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'

/** The clock of the service when it starts: half an hour after the golden events. */
export const START = '2026-01-15T02:10:00.000Z'

const DAY_MS = 86_400_000
const before = (days: number): Date => new Date(Date.parse('2026-01-15T01:00:00.000Z') - days * DAY_MS)

/** 20 days and 5 features: worth 100 by fixed bounds. */
const thriving = (accountId: string) =>
  Array.from({ length: 20 }, (_, ago) => ago).flatMap((ago) =>
    ['a', 'b', 'c', 'd', 'e'].map((name) =>
      productUsed({ accountId, name, receivedAt: before(0).toISOString() }, { time: before(ago) }),
    ),
  )
const urgent = (accountId: string, ticketId: string) =>
  ticketOpened({ accountId, ticketId, priority: 'urgent' }, { time: before(0) })

const on = (day: string, event: string, count: number, persons: number) => ({
  day,
  kind: 'track',
  event,
  count,
  persons,
})

export const describeHealth = (start: () => Promise<ServiceUnderTest>): void => {
  let health: ServiceUnderTest

  beforeAll(async () => {
    health = await start()
  }, 90_000)
  afterAll(() => health?.stop())

  const scored = (accountId: string, expected: object): Promise<void> =>
    eventually(async () => {
      expect(await health.get(`/v1/accounts/${accountId}/score`)).toMatchObject({ status: 200, body: expected })
    })
  // Timers go by the clock, which stands still unless it is moved.
  const scoredByTimer = (accountId: string, day: string): Promise<void> =>
    eventually(
      async () => {
        health.clock.advance(3_000)
        expect(await health.get(`/v1/accounts/${accountId}/score`)).toMatchObject({ body: { day } })
      },
      { timeoutMs: 20_000, everyMs: 250 },
    )
  const ask = async (path: string, token?: string | null) => {
    const { status, body } = await health.get(`/v1/accounts/${path}`, token)
    return [status, (body as { code: string }).code]
  }

  // Who pays for one seat, and has one user, has all of them active.
  const hasSeats = (accountId: string) => health.say(accountProfiled({ accountId, traits: { seats: 1 } }))

  // The golden events' own account and ticket are spoken of by other services' tests on the same broker.
  const scoredAccount = randomUUID()

  it('scores the golden events, and publishes what its schemas allow', async () => {
    const accountId = scoredAccount
    await hasSeats(accountId)
    await health.say(productUsed({ accountId }), ticketOpened({ accountId, ticketId: randomUUID() }))
    // All seats: 100; one of 28 days: 5; one name: 20; CO = 30/0.65. One fresh urgent ticket: CX = 80.
    await scored(accountId, {
      accountId,
      day: '2026-01-15',
      score: 63.0769230769,
      outcome: { score: 46.1538461538 },
      experience: { score: 80, coverage: 0.5 },
      newestInputAt: '2026-01-15T01:40:11.000Z',
      oldestInputAt: '2026-01-15T00:12:03.120Z',
      scorecard: { name: 'starter', version: 2 },
    })
    const published = await eventually(async () => {
      const records = await health.published(accountId)
      expect(records.at(-1)?.data).toMatchObject({ score: 63.0769230769 })
      return records
    })
    expect(unlikeGolden(published, ['health.account-scored.v1'])).toEqual([])
  })

  it('says why, in English and Japanese', async () => {
    const why = async (lang: string) => (await health.get(`/v1/accounts/${scoredAccount}/score?lang=${lang}`)).body

    expect(await why('en')).toMatchObject({
      why: [
        { measure: 'open-urgent-load', text: 'open urgent and high tickets weigh 2' },
        { measure: 'active-user-share', text: 'users of the last 28 days fill 100 % of the paid seats' },
        { measure: 'frequency', text: 'used on 1 of the last 28 days' },
        { measure: 'breadth', text: '1 feature used in the last 28 days' },
        { measure: 'trend', contribution: 0, text: 'not counted: the history is too short' },
        { measure: 'satisfaction', contribution: 0, text: 'not counted: nobody has rated a ticket yet' },
      ],
    })
    expect(await why('ja')).toMatchObject({ why: [{ label: '未解決の緊急チケット' }, {}, {}, {}, {}, {}] })
    expect(await ask(`${scoredAccount}/score?lang=fr`)).toEqual([400, 'VALIDATION_FAILED'])
  })

  it('tells of the change when tickets pile up, once', async () => {
    const accountId = randomUUID()
    await hasSeats(accountId)
    await health.say(...thriving(accountId))
    await scored(accountId, { score: 100, band: 'green', partial: false })
    await health.say(...['t1', 't2', 't3', 't4'].map((ticketId) => urgent(accountId, ticketId)))
    await scored(accountId, { score: 60, band: 'amber' })

    const changes = await eventually(async () => {
      const all = await health.published(accountId, topics.healthChanges.name)
      expect(all.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['health.band-changed.v1', 'health.score-moved.v1']),
      )
      return all
    })
    expect(unlikeGolden(changes, ['health.band-changed.v1', 'health.score-moved.v1'])).toEqual([])
    const bands = changes.flatMap(({ type, data }) => (type === 'health.band-changed.v1' ? [data] : []))
    expect(bands).toMatchObject([
      { first: true, to: { band: 'green' } },
      { from: { band: 'green' }, to: { band: 'amber' } },
    ])
  })

  it('counts usage per day and event, page by page, as known on a day', async () => {
    const accountId = randomUUID()
    const [ann, ben] = [randomUUID(), randomUUID()]
    const used = (personId: string, ago: number, name: string, receivedAgo = ago) =>
      productUsed({ accountId, personId, name, receivedAt: before(receivedAgo).toISOString() }, { time: before(ago) })
    const events = [used(ann, 2, 'a'), used(ann, 2, 'a'), used(ben, 2, 'a'), used(ben, 2, 'b', 0), used(ann, 1, 'a')]
    await health.say(...events)
    await scored(accountId, { newestInputAt: before(1).toISOString() })

    const all = [on('2026-01-13', 'a', 3, 2), on('2026-01-13', 'b', 1, 1), on('2026-01-14', 'a', 1, 1)]
    const usage = `/v1/accounts/${accountId}/usage`
    await eventually(async () => {
      expect(await health.get(usage)).toEqual({ status: 200, body: { items: all, next: null } })
    })
    expect((await health.get(`${usage}?knownOn=2026-01-14`)).body).toMatchObject({ items: [all[0], all[2]] })
    expect((await health.get(`${usage}?from=2026-01-14&to=2026-01-14`)).body).toMatchObject({ items: [all[2]] })
    const first = (await health.get(`${usage}?limit=2`)).body as { items: unknown[]; next: string }
    const second = (await health.get(`${usage}?limit=2&cursor=${first.next}`)).body as { items: unknown[] }
    expect([...first.items, ...second.items]).toEqual(all)
  })

  it('refuses what it cannot answer, with a code', async () => {
    const accountId = randomUUID()
    for (const path of ['score', 'score/history', 'usage'])
      expect(await ask(`${accountId}/${path}`)).toEqual([404, 'ACCOUNT_NOT_FOUND'])
    expect((await ask(`${accountId}/score`, null))[0]).toBe(401)
    expect((await ask('me/score'))[0]).toBe(400)
    expect(await ask(`${accountId}/usage?from=2026-02-30`)).toEqual([400, 'VALIDATION_FAILED'])
    expect(await ask(`${accountId}/usage?from=0000-01-01`)).toEqual([400, 'VALIDATION_FAILED'])
    expect(await ask(`${accountId}/usage?from=2026-02-02&to=2026-02-01`)).toEqual([400, 'DAY_RANGE_EMPTY'])
    expect(await ask(`${accountId}/usage?from=2010-01-01&to=2026-01-01`)).toEqual([400, 'DAY_RANGE_TOO_LONG'])
    expect(await ask(`${accountId}/usage?cursor=WyJ4Il0`)).toEqual([400, 'CURSOR_INVALID'])
    for (const [path, key] of [
      ['score/history', '0000-01-01'],
      ['usage', ['0000-01-01', 'track', 'a']],
      ['usage', ['2026-01-01', 'track', 'a\0']],
      ['tickets', ['0000-01-01T00:00:00.000Z', 'desk', 't1']],
      ['tickets', ['2026-01-01T00:00:00+23:59', 'desk', 't1']],
    ] as const) {
      const cursor = Buffer.from(JSON.stringify(key)).toString('base64url')
      expect(await ask(`${scoredAccount}/${path}?cursor=${cursor}`)).toEqual([400, 'CURSOR_INVALID'])
    }
  })

  it('scores every account once a day, after an outage too, and not before it has caught up', async () => {
    const [silent, busy] = [randomUUID(), randomUUID()]
    await hasSeats(silent)
    await hasSeats(busy)
    await health.say(...thriving(silent), ...thriving(busy))
    await scored(silent, { score: 100 })
    await scored(busy, { score: 100 })
    await health.say(
      ...[1, 2, 3].map((days) =>
        productUsed({ accountId: busy, receivedAt: before(-days).toISOString() }, { time: before(-days) }),
      ),
    )
    await health.restart(() => health.clock.set('2026-01-18T12:00:00.000Z'))

    await scoredByTimer(silent, '2026-01-18')
    await scoredByTimer(busy, '2026-01-18')
    const historyOf = async (accountId: string) => {
      const { body } = await health.get(`/v1/accounts/${accountId}/score/history`)
      return (body as { items: { day: string; outcome: number }[] }).items
    }
    const everyDay = ['2026-01-15', '2026-01-16', '2026-01-17', '2026-01-18']
    expect((await historyOf(silent)).map(({ day }) => day)).toEqual(everyDay)
    expect((await historyOf(busy)).map(({ day }) => day)).toEqual(everyDay)

    health.clock.set('2026-01-19T00:00:01.000Z')
    await scoredByTimer(silent, '2026-01-19')
  })

  it('comes out of a rebuild as it was', async () => {
    const accountId = randomUUID()
    await hasSeats(accountId)
    await health.say(...thriving(accountId), urgent(accountId, 't1'))
    await scored(accountId, { partial: false })
    health.clock.advance(600_000) // so late, this account is scored for today by the next look only
    await scoredByTimer(accountId, '2026-01-19')
    const { body } = (await health.get(`/v1/accounts/${accountId}/score`)) as { body: AccountScored }
    const usage = await health.get(`/v1/accounts/${accountId}/usage`)
    const count = (await health.published(accountId)).length
    const changes = await health.published(accountId, topics.healthChanges.name)

    expect((await health.send('POST', '/v1/operations/rebuild')).status).toBeLessThan(300)
    await eventually(
      async () => {
        expect((await health.published(accountId)).length).toBeGreaterThan(count)
        expect(await health.get(`/v1/accounts/${accountId}/usage`)).toEqual(usage)
      },
      { timeoutMs: 30_000 },
    )
    const last = (await health.published(accountId)).at(-1)?.data as AccountScored
    expect(body).toMatchObject({ ...last, scoredAt: body.scoredAt })
    expect(await health.published(accountId, topics.healthChanges.name)).toEqual(changes)
  })

  it('shows metrics that keep the conventions, and no account in them', async () => {
    expect(metricFaults(await health.metrics())).toEqual([])
  })

  it('answers as its document says', async () => {
    const accountId = randomUUID()
    await health.say(productUsed({ accountId }), ticketOpened({ accountId, ticketId: randomUUID() }))
    await scored(accountId, {})
    const override = { score: 80, reason: 'other', owner: 'mika', until: '2026-02-01T00:00:00Z' }
    expect((await health.send('PUT', `/v1/accounts/${accountId}/override`, override)).status).toBe(200)
    const own = ['score', 'score?day=2026-01-15', 'score/history', 'usage', 'tickets', 'overrides']
    const reads = [...operatorReads, ...blueprintReads('Scorecard', 'starter'), '/v1/accounts']
    for (const path of [...reads, ...own.map((one) => `/v1/accounts/${accountId}/${one}`)])
      expect(await health.get(path)).toMatchObject({ status: 200 })
    const blueprint = '/v1/blueprints/Scorecard/starter'
    const { body } = await health.get(blueprint)
    const again = await health.send('PUT', `${blueprint}?dryRun=true`, documentOf(body))
    expect(again).toMatchObject({ status: 200, body: { change: 'unchanged' } })
    expect((await health.send('DELETE', `/v1/accounts/${accountId}/override`)).status).toBe(200)
    for (const write of operatorWrites) expect((await health.send(...write)).status).toBe(200)
    // Nothing is stopped here.
    expect(health.documented.unseen).toEqual(['POST /v1/operations/resume'])
  })

  it('refuses to start with another time zone', async () => {
    await expect(health.restart(() => {}, { BANSO_TIMEZONE: 'Asia/Tokyo' })).rejects.toThrow(/BANSO_TIMEZONE=UTC/)
    await health.restart()
  })
}
