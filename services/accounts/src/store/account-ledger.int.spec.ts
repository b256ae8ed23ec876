import { migrate } from '@banso/platform'
import { createMigratedDatabase, type TestDatabase } from '@banso/testing'
import { golden } from '@banso/testing/golden.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { AbstractLogger, DataSource } from 'typeorm'
import { type Observation, profiledOf } from '../domain/profile.ts'
import { AccountDirectory } from './account-directory.ts'
import { lockAccounts, observe } from './account-ledger.ts'
import type { AccountRow, PersonRow } from './account.row.ts'
import { dataSourceOptions } from './data-source.ts'

class StatementCount extends AbstractLogger {
  count = 0
  override logQuery(): void {
    this.count += 1
  }
  protected override writeLog(): void {}
}

const accountSaid = (
  accountId: string,
  at: string,
  traits: Record<string, unknown>,
  more: object = {},
): Observation => {
  const { data } = golden('ingestion.account-observed.v1')
  return { of: 'account', at, by: `e-${at}`, data: { ...data, accountId, personId: null, traits, ...more } }
}
const personSaid = (accountId: string, personId: string, at: string, traits: Record<string, unknown>): Observation => {
  const { data } = golden('ingestion.person-observed.v1')
  return { of: 'person', at, by: `e-${at}-${personId}`, data: { ...data, accountId, personId, traits } }
}
const early = '2026-03-01T09:00:00.000Z'
const noon = '2026-03-01T12:00:00.000Z'

describe('the account ledger', () => {
  const statements = new StatementCount()
  let database: TestDatabase
  let source: DataSource
  let accounts: AccountDirectory

  beforeAll(async () => {
    database = await createMigratedDatabase('accounts', (url) => migrate(dataSourceOptions(url)))
    source = await new DataSource({
      ...dataSourceOptions(database.url),
      logger: statements,
      logging: true,
    }).initialize()
    accounts = new AccountDirectory(source)
  })
  afterAll(async () => {
    await source?.destroy()
    await database?.drop()
  })
  beforeEach(async () => {
    await source.query('TRUNCATE account, person')
  })

  const take = (observations: readonly Observation[]) =>
    source.transaction(async (tx) => {
      await lockAccounts(
        tx,
        observations.map(({ data }) => data.accountId),
      )
      return observe(tx, observations)
    })

  const cost = async (observations: readonly Observation[]): Promise<number> => {
    const before = statements.count
    await take(observations)
    return statements.count - before
  }

  it('makes the golden profile of the golden observation', async () => {
    const { headers, data } = golden('ingestion.account-observed.v1')
    const expected = golden('accounts.account-profiled.v1').data
    const [news] = await take([{ of: 'account', at: headers['ce_time'] ?? '', by: headers['ce_id'] ?? '', data }])
    expect(news && profiledOf(news)).toEqual({ ...expected, firstObservedAt: expected.lastObservedAt })
    expect(await accounts.find(data.accountId)).toMatchObject({ name: '株式会社ミナト物流', people: 1 })
  })

  it('keeps the same rows whatever the order and the chunks', async () => {
    const [a, b, p, q] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    const said = [
      accountSaid(a, early, { name: 'Old', plan: 'free' }, { personId: p }),
      accountSaid(a, noon, { name: 'New' }, { externalId: 'renamed' }),
      personSaid(a, p, early, { role: 'dev' }),
      personSaid(a, q, noon, { role: 'ops' }),
      personSaid(b, p, noon, { role: 'dev' }),
      personSaid(a, p, noon, { role: 'lead' }),
    ]
    const rows = async () => [
      await source.query<AccountRow[]>('SELECT * FROM account ORDER BY account_id'),
      await source.query<PersonRow[]>('SELECT * FROM person ORDER BY account_id, person_id'),
    ]
    await take(said)
    const atOnce = await rows()
    await source.query('TRUNCATE account, person')
    for (const one of [...said, ...said].toReversed()) await take([one])
    expect(await rows()).toEqual(atOnce)
    expect(await accounts.find(a)).toMatchObject({
      externalId: 'renamed',
      traits: { name: 'New', plan: 'free' },
      people: 2,
      firstObservedAt: early,
      lastObservedAt: noon,
    })
  })

  it('takes as many statements for 500 observations as for one', async () => {
    const one = await cost([personSaid(randomUUID(), randomUUID(), noon, { a: 1 })])
    const many = Array.from({ length: 500 }, () => personSaid(randomUUID(), randomUUID(), noon, { a: 1 }))
    expect(await cost(many)).toBe(one)
  })

  it('keeps text that jsonb would refuse', async () => {
    const accountId = randomUUID()
    const json = '{"note": "a\\u0000b", "half": "\\ud800", "name": "N\\u0000ame", "__proto__": {"x": 1}}'
    const traits = JSON.parse(json) as Record<string, unknown>
    await take([accountSaid(accountId, noon, traits)])
    const found = await accounts.find(accountId)
    expect(JSON.stringify(found?.traits)).toBe(
      '{"__proto__":{"x":1},"half":"\\ud800","name":"N\\u0000ame","note":"a\\u0000b"}',
    )
    expect(found?.name).toBe('Name')
  })

  it('locks accounts in one order, so that chunks that meet wait instead of failing', async () => {
    const ids = [randomUUID(), randomUUID()]
    const rounds = Array.from({ length: 40 }, (_, n) =>
      source.transaction(async (tx) => {
        await lockAccounts(tx, n % 2 ? ids : ids.toReversed())
        const [id = ''] = ids
        await observe(tx, [personSaid(id, randomUUID(), noon, {})])
      }),
    )
    await Promise.all(rounds)
    expect(await accounts.find(ids[0] ?? '')).toMatchObject({ people: 40 })
  })
})

describe('the account directory', () => {
  let database: TestDatabase
  let source: DataSource
  let accounts: AccountDirectory
  const ids = Array.from({ length: 5 }, () => randomUUID()).toSorted()
  const names = ['Acme', 'acme corp', '100% Juice', '1000 Juices', 'Zed']

  beforeAll(async () => {
    database = await createMigratedDatabase('accounts', (url) => migrate(dataSourceOptions(url)))
    source = await new DataSource(dataSourceOptions(database.url)).initialize()
    accounts = new AccountDirectory(source)
    const said = ids.map((id, n) => accountSaid(id, noon, { name: names[n] }, { externalId: `x${n}` }))
    await source.transaction(async (tx) => {
      await lockAccounts(tx, [...ids, randomUUID()]) // the last one is locked, but nothing was ever said of it
      await observe(tx, said)
    })
  })
  afterAll(async () => {
    await source?.destroy()
    await database?.drop()
  })

  const listed = async (filter: Omit<Parameters<AccountDirectory['list']>[0], 'limit'>, limit = 10) =>
    (await accounts.list({ ...filter, limit })).map(({ name }) => name)

  it('lists what was observed, in order, from a key on', async () => {
    expect(await listed({})).toEqual(names)
    expect(await listed({ after: ids[1] }, 2)).toEqual(['100% Juice', '1000 Juices'])
  })

  it('finds by the beginning of the name, in any case, taking % for itself', async () => {
    expect(await listed({ namePrefix: 'ACME' })).toEqual(['Acme', 'acme corp'])
    expect(await listed({ namePrefix: '100%' })).toEqual(['100% Juice'])
    expect(await listed({ namePrefix: 'cme' })).toEqual([])
  })

  it('finds by external id', async () => {
    expect(await listed({ externalId: 'x4' })).toEqual(['Zed'])
  })

  it('knows nothing of an account that was only locked', async () => {
    expect(await accounts.find(randomUUID())).toBeUndefined()
    const [{ count }] = await source.query<[{ count: string }]>('SELECT count(*) FROM account')
    expect(Number(count)).toBe(6)
  })
})
