// What accounts promises, over either log.
import { faultsOf, isEventData } from '@banso/contracts'
import {
  accountObserved,
  eventually,
  golden,
  metricFaults,
  operatorReads,
  operatorWrites,
  personObserved,
  type ServiceUnderTest,
} from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'

const early = '2026-03-01T09:00:00.000Z'
const noon = '2026-03-01T12:00:00.000Z'
const late = '2026-03-01T15:00:00.000Z'

export const describeAccounts = (start: () => Promise<ServiceUnderTest>): void => {
  let accounts: ServiceUnderTest

  beforeAll(async () => {
    accounts = await start()
  }, 90_000)
  afterAll(() => accounts?.stop())

  const shown = (accountId: string, expected: object): Promise<void> =>
    eventually(async () => {
      expect(await accounts.get(`/v1/accounts/${accountId}`)).toMatchObject({ status: 200, body: expected })
    })

  it('makes of the golden observations the golden profile, published with the golden headers', async () => {
    const expected = golden('accounts.account-profiled.v1')
    const { key: accountId } = expected
    await accounts.say(
      personObserved({}, { time: expected.data.firstObservedAt }),
      accountObserved({}, { time: expected.data.lastObservedAt }),
    )
    await shown(accountId, { ...expected.data, people: 1 })
    const newest = await eventually(async () => {
      const record = (await accounts.published(accountId)).at(-1)
      expect(record?.data).toEqual(expected.data)
      return record
    })
    expect(Object.keys(newest?.headers ?? {}).toSorted()).toEqual(
      expect.arrayContaining(Object.keys(expected.headers).toSorted()),
    )
    expect(newest?.headers).toMatchObject({
      ce_type: 'accounts.account-profiled.v1',
      ce_time: expected.headers['ce_time'],
    })
  })

  it('folds what comes late and twice, and publishes only what is news', async () => {
    const accountId = randomUUID()
    const said = [
      accountObserved({ accountId, traits: { plan: 'pro' } }, { time: noon }),
      accountObserved({ accountId, traits: { plan: 'free', seats: 3 } }, { time: early }),
      accountObserved({ accountId, traits: { plan: 'pro' } }, { time: late }),
    ]
    for (const event of [...said, ...said]) await accounts.say(event) // one chunk each, mostly
    await accounts.say(accountObserved({ accountId, traits: { last: true } }, { time: late }))
    await shown(accountId, {
      traits: { plan: 'pro', seats: 3, last: true },
      firstObservedAt: early,
      lastObservedAt: late,
    })
    await eventually(async () => {
      expect((await accounts.published(accountId)).at(-1)?.data).toMatchObject({ traits: { last: true } })
    })
    const published = await accounts.published(accountId)
    expect(published.length).toBeLessThanOrEqual(3) // pro; seats; last: the repeats and the later hour are no news
    for (const record of published)
      expect(
        isEventData('accounts.account-profiled.v1', record.data) ||
          faultsOf('accounts.account-profiled.v1', record.data),
      ).toBe(true)
  })

  it('passes what is sealed on, and shows it to nobody', async () => {
    const accountId = randomUUID()
    const sealed = { subject: accountId, nonce: 'AAAAAAAAAAAAAAAA', data: 'c2VhbGVk' }
    await accounts.say(accountObserved({ accountId, sealed }, { time: noon }))
    await eventually(async () => {
      expect((await accounts.published(accountId)).at(-1)?.data).toMatchObject({ sealed })
    })
    expect((await accounts.get(`/v1/accounts/${accountId}`)).body).not.toHaveProperty('sealed')
  })

  it('lists by page, external id and beginning of the name', async () => {
    const ids = [randomUUID(), randomUUID(), randomUUID()].toSorted()
    const namespace = randomUUID()
    await accounts.say(
      ...ids.map((accountId, n) =>
        accountObserved({ accountId, externalId: `${namespace}-${n}`, traits: { name: `${namespace} ${n}` } }),
      ),
    )
    for (const id of ids) await shown(id, {})
    const first = await accounts.get(`/v1/accounts?limit=2&name=${namespace.toUpperCase()}`)
    expect(first.body).toMatchObject({
      items: [{ accountId: ids[0] }, { accountId: ids[1] }],
      next: expect.any(String),
    })
    const { next } = first.body as { next: string }
    const second = await accounts.get(`/v1/accounts?limit=2&name=${namespace}&cursor=${next}`)
    expect(second.body).toMatchObject({ items: [{ accountId: ids[2] }], next: null })
    const one = await accounts.get(`/v1/accounts?externalId=${namespace}-1`)
    expect(one.body).toMatchObject({ items: [{ accountId: ids[1] }], next: null })
  })

  it.each([null, 'the token of another service'])('answers nobody who comes with %s for a token', async (token) => {
    expect(await accounts.get('/v1/accounts', token)).toMatchObject({ status: 401, body: { code: 'TOKEN_INVALID' } })
  })

  it.each([
    ['/v1/accounts/00000000-0000-4000-8000-000000000000', 404, 'ACCOUNT_NOT_FOUND'],
    ['/v1/accounts/acme', 400, 'REQUEST_INVALID'],
    ['/v1/accounts?limit=0', 400, 'VALIDATION_FAILED'],
    ['/v1/accounts?name=%00', 400, 'REQUEST_INVALID'],
    ['/v1/accounts?cursor=xyz', 400, 'CURSOR_INVALID'],
  ])('answers GET %s with %d %s', async (url, status, code) => {
    expect(await accounts.get(url)).toMatchObject({ status, body: { status, code } })
  })

  it('publishes its present state again where an older record came last', async () => {
    const accountId = randomUUID()
    for (const plan of ['a', 'b']) {
      await accounts.say(accountObserved({ accountId, traits: { plan } }, { time: plan === 'a' ? early : noon }))
      await shown(accountId, { traits: { plan } })
    }
    const [older, newer] = await eventually(async () => {
      const both = await accounts.published(accountId)
      expect(both).toHaveLength(2)
      return both
    })
    if (!older || !newer) throw new Error('two were published')
    await accounts.log.append([older]) // a relay that died after its append sends again
    await eventually(async () => {
      const [, , repeat, last] = await accounts.published(accountId)
      expect(repeat?.data).toEqual(older.data)
      expect(last?.data).toEqual(newer.data)
    })
  })

  it('answers as its document says', async () => {
    const accountId = randomUUID()
    await accounts.say(accountObserved({ accountId, traits: { plan: 'pro' } }, { time: early }))
    await shown(accountId, {})
    for (const path of [...operatorReads, '/v1/accounts', `/v1/accounts/${accountId}`])
      expect((await accounts.get(path)).status).toBe(200)
    for (const write of operatorWrites) expect((await accounts.send(...write)).status).toBe(200)
    // Nothing is stopped here; a rebuild has a test of its own.
    expect(accounts.documented.unseen).toEqual(['POST /v1/operations/resume', 'POST /v1/operations/rebuild'])
  })

  it('goes on where it stood after a restart, and says nothing twice', async () => {
    const accountId = randomUUID()
    await accounts.say(accountObserved({ accountId, traits: { plan: 'a' } }, { time: early }))
    await eventually(async () => expect(await accounts.published(accountId)).toHaveLength(1))
    await accounts.restart()
    await accounts.say(accountObserved({ accountId, traits: { plan: 'b' } }, { time: noon }))
    await shown(accountId, { traits: { plan: 'b' }, firstObservedAt: early })
    await eventually(async () => expect(await accounts.published(accountId)).toHaveLength(2))
  }, 60_000)

  it('shows metrics that keep the conventions, and no account in them', async () => {
    expect(metricFaults(await accounts.metrics())).toEqual([])
  })

  describe('rebuilt', () => {
    it('comes to the same and publishes its present state once', async () => {
      const accountId = randomUUID()
      await accounts.say(
        accountObserved({ accountId, traits: { plan: 'a' } }, { time: early }),
        personObserved({ accountId, personId: randomUUID() }, { time: noon }),
      )
      await shown(accountId, { people: 2 })
      const before = await accounts.get(`/v1/accounts/${accountId}`)
      await eventually(async () => expect(await accounts.published(accountId)).toHaveLength(1))
      expect((await accounts.send('POST', '/v1/operations/rebuild')).status).toBeLessThan(300)
      await eventually(async () => expect(await accounts.published(accountId)).toHaveLength(2), { timeoutMs: 30_000 })
      expect(await accounts.get(`/v1/accounts/${accountId}`)).toEqual(before)
    }, 60_000)
  })
}
