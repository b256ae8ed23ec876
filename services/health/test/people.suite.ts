// What people do with scores: look for accounts, set a score, bring another scorecard.
import { type AccountScored, topics } from '@banso/contracts'
import { accountProfiled, eventually, productUsed, type ServiceUnderTest, ticketOpened } from '@banso/testing'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { starterScorecard } from '../src/domain/scorecard.ts'

const DAY_MS = 86_400_000
const before = (days: number): Date => new Date(Date.parse('2026-01-15T01:00:00.000Z') - days * DAY_MS)

interface Change {
  readonly split?: readonly { readonly cause: string; readonly points: number }[]
  readonly from: { readonly score: number }
  readonly to: { readonly score: number }
}

const codeOf = ({ status, body }: { status: number; body: unknown }) => [status, (body as { code: string }).code]

export const describePeople = (start: () => Promise<ServiceUnderTest>): void => {
  let health: ServiceUnderTest

  beforeAll(async () => {
    health = await start()
  }, 90_000)
  afterAll(() => health?.stop())

  /** An account used on `days` days, with one seat and one user. */
  const account = async (days: number, name: string): Promise<string> => {
    const accountId = randomUUID()
    await health.say(
      accountProfiled({ accountId, name, traits: { seats: 1 } }),
      ...Array.from({ length: days }, (_, ago) =>
        productUsed({ accountId, name: 'Export', receivedAt: before(0).toISOString() }, { time: before(ago) }),
      ),
    )
    await eventually(async () => {
      const { body } = await health.get(`/v1/accounts/${accountId}/score`)
      expect(body).toMatchObject({ measures: expect.arrayContaining([expect.objectContaining({ value: days })]) })
      expect(body).toMatchObject({ measures: [{ measure: 'active-user-share', value: 1 }, {}, {}, {}, {}, {}] })
    })
    return accountId
  }
  const scoreOf = async (accountId: string): Promise<AccountScored> =>
    (await health.get(`/v1/accounts/${accountId}/score`)).body as AccountScored
  const changesOf = async (accountId: string): Promise<Change[]> => {
    const published = await health.published(accountId, topics.healthChanges.name)
    return published.flatMap(({ type, data }) => (type === 'health.score-moved.v1' ? [data as Change] : []))
  }
  const putCard = (name: string, spec: object, query = '') =>
    health.send('PUT', `/v1/blueprints/Scorecard/${name}${query}`, { kind: 'Scorecard', name, spec })
  /** Timers go by the clock, which stands still unless it is moved. */
  const byTimer = (check: () => Promise<void>): Promise<void> =>
    eventually(
      async () => {
        health.clock.advance(3_000)
        await check()
      },
      { timeoutMs: 30_000, everyMs: 250 },
    )

  it('lists accounts, the worst first, page by page', async () => {
    const accounts = [await account(2, 'Ada'), await account(18, 'Ben'), await account(9, 'Cyd')]
    const all = (await health.get('/v1/accounts')).body as { items: { accountId: string; name: string }[] }
    expect(all.items.map(({ name }) => name)).toEqual(['Ada', 'Cyd', 'Ben'])
    expect(all.items[0]).toMatchObject({
      accountId: accounts[0],
      segment: 'all',
      band: 'amber',
      overridden: false,
      day: '2026-01-15',
      newestInputAt: before(0).toISOString(),
    })

    const first = (await health.get('/v1/accounts?sort=-score&limit=2')).body as { items: object[]; next: string }
    const second = (await health.get(`/v1/accounts?sort=-score&limit=2&cursor=${first.next}`)).body as {
      items: object[]
    }
    expect([...first.items, ...second.items]).toEqual(all.items.toReversed())
    expect((await health.get('/v1/accounts?band=red')).body).toEqual({ items: [], next: null })
    expect((await health.get('/v1/accounts?sort=day&band=amber')).body).toMatchObject({ items: [{}, {}] })
    expect(codeOf(await health.get('/v1/accounts?band=blue'))).toEqual([400, 'VALIDATION_FAILED'])
    expect(codeOf(await health.get(`/v1/accounts?sort=day&cursor=${first.next}`))).toEqual([400, 'CURSOR_INVALID'])
  })

  it('shows tickets that are open or recent, with nothing of what was written in them', async () => {
    const accountId = await account(5, 'Tix')
    const opened = (ticketId: string, ago: number, status: 'open' | 'solved') =>
      ticketOpened(
        { accountId, ticketId, status, priority: 'high', openedAt: before(ago).toISOString() },
        { time: before(ago) },
      )
    await health.say(opened('t1', 60, 'open'), opened('t2', 60, 'solved'), opened('t3', 2, 'solved'))

    const ticket = (ticketId: string, ago: number, status: string) => ({
      source: opened('t', 0, 'open').data.source,
      ticketId,
      status,
      priority: 'high',
      openedAt: before(ago).toISOString(),
      changedAt: before(ago).toISOString(),
      rating: null,
    })
    const tickets = `/v1/accounts/${accountId}/tickets`
    await eventually(async () => {
      expect((await health.get(tickets)).body).toEqual({
        items: [ticket('t3', 2, 'solved'), ticket('t1', 60, 'open')],
        next: null,
      })
    })
    const first = (await health.get(`${tickets}?limit=1`)).body as { next: string }
    expect((await health.get(`${tickets}?limit=1&cursor=${first.next}`)).body).toMatchObject({
      items: [{ ticketId: 't1' }],
    })
  })

  it('takes a score that a person sets, tells why the score moved, and gives it back when its time has come', async () => {
    const accountId = await account(3, 'Ovi')
    const computed = await scoreOf(accountId)
    const override = { score: 5, reason: 'known-absence', owner: 'Mika', until: '2026-01-15T04:00:00.000Z' }
    const set = await health.send('PUT', `/v1/accounts/${accountId}/override`, { ...override, note: 'left in spring' })

    expect(set).toMatchObject({
      status: 200,
      body: { score: 5, band: 'red', override, computed: { score: computed.score } },
    })
    expect((await health.get('/v1/accounts?band=red')).body).toMatchObject({ items: [{ accountId, overridden: true }] })
    await eventually(async () => {
      const { owner, ...published } = override // names are not published
      expect((await health.published(accountId)).at(-1)?.data).toMatchObject({ score: 5, override: published })
      expect((await health.published(accountId)).map(({ value }) => value.toString()).join()).not.toContain(owner)
      const change = (await changesOf(accountId)).at(-1)
      expect(change?.split).toEqual([{ cause: 'override', points: 5 - (computed.score ?? 0) }])
    })

    const told = (await changesOf(accountId)).length
    await health.say(
      productUsed({ accountId, name: 'Import', receivedAt: before(0).toISOString() }, { time: before(0) }),
    )
    await eventually(async () => {
      expect(await scoreOf(accountId)).toMatchObject({
        score: 5,
        measures: expect.arrayContaining([expect.objectContaining({ measure: 'breadth', value: 2 })]),
      })
    })
    expect(await changesOf(accountId)).toHaveLength(told)

    health.clock.set('2026-01-15T04:00:01.000Z')
    await byTimer(async () => {
      const scored = await scoreOf(accountId)
      expect(scored.override ?? null).toBeNull()
      expect(scored.score).toBeGreaterThan(computed.score ?? 100)
    })
    const { body } = await health.get(`/v1/accounts/${accountId}/overrides`)
    expect(body).toMatchObject({ items: [{ ...override, note: 'left in spring', endedBy: 'expired' }], next: null })
  })

  it('lets an override be replaced and lifted, and refuses what is not one', async () => {
    const accountId = await account(3, 'Lia')
    const path = `/v1/accounts/${accountId}/override`
    const override = { score: 90, reason: 'heard-from-customer', owner: 'Mika', until: '2026-02-01T00:00:00+09:00' }
    const { score } = await scoreOf(accountId)
    await health.send('PUT', path, override)
    expect(await health.send('PUT', path, { ...override, score: 70 })).toMatchObject({
      status: 200,
      body: { score: 70 },
    })
    expect(await health.send('DELETE', path)).toMatchObject({ status: 200, body: { score } })
    expect((await health.get(`${path}s`)).body).toMatchObject({
      items: [{ endedBy: 'lifted' }, { endedBy: 'replaced' }],
    })

    expect(codeOf(await health.send('DELETE', path))).toEqual([404, 'OVERRIDE_NOT_FOUND'])
    expect(codeOf(await health.send('PUT', `/v1/accounts/${randomUUID()}/override`, override))).toEqual([
      404,
      'ACCOUNT_NOT_FOUND',
    ])
    for (const wrong of [{ score: 101 }, { reason: 'mood' }, { owner: '' }, { until: '2026-02-01' }])
      expect(codeOf(await health.send('PUT', path, { ...override, ...wrong }))).toEqual([400, 'VALIDATION_FAILED'])
    for (const until of ['2026-01-01T00:00:00Z', '2028-01-01T00:00:00Z'])
      expect(codeOf(await health.send('PUT', path, { ...override, until }))).toEqual([400, 'OVERRIDE_UNTIL_INVALID'])
  })

  it('says what a scorecard would do, and scores every account by it at once when it is applied', async () => {
    const accountId = await account(10, 'Sco')
    const { score } = await scoreOf(accountId)
    const measures = [
      { measure: 'frequency', half: 'outcome', weight: 1, normalise: { by: 'linear', zeroAt: 0, fullAt: 100 } },
    ]
    const planned = await putCard('starter', { measures }, '?dryRun=true')
    expect(planned).toMatchObject({ status: 200, body: { version: 3, change: 'changed' } })
    expect((planned.body as { impact: string[] }).impact[0]).toMatch(
      /^\d scores? of \d accounts? would change, the largest by -\d/,
    )
    expect(await scoreOf(accountId)).toMatchObject({ score })

    expect(await putCard('starter', { measures })).toMatchObject({ status: 200, body: { version: 3 } })
    await byTimer(async () => {
      expect(await scoreOf(accountId)).toMatchObject({ score: 10, scorecard: { name: 'starter', version: 3 } })
    })
    await eventually(async () => {
      const change = (await changesOf(accountId)).at(-1)
      expect(change?.split).toEqual([{ cause: 'configuration', points: 10 - (score ?? 0) }])
    })
    expect(await putCard('starter', { measures })).toMatchObject({
      body: { change: 'unchanged', version: 3, impact: [] },
    })
  })

  it('refuses a scorecard with faults, at their places', async () => {
    const [first] = starterScorecard.document.measures

    expect(await putCard('bad', { measures: [first, first] })).toMatchObject({
      status: 422,
      body: { code: 'BLUEPRINT_INVALID', errors: [{ pointer: '/spec/measures/1/measure' }] },
    })
    expect(await putCard('bad', { measures: [{ ...first, weight: 0 }] })).toMatchObject({
      status: 422,
      body: { errors: [{ pointer: '/spec/measures/0/weight' }] },
    })
  })
}
