import { topics } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import { MasterKey, noTracing, SystemClock } from '@banso/platform'
import { createLogDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountIdOf } from '../src/domain/account-id.ts'
import { Redrive } from '../src/redrive-quarantined/redrive.ts'
import { IngestionUnderTest, MASTER_KEY } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'

type Append = EventLog['append']

const SECRET = 'dGhpcy1pcy1hLXNlY3JldC1vZi1hLWRlc2s='
const call = (type: string, messageId: string, userId: string, more: object = {}) => ({
  type,
  messageId,
  userId,
  ...more,
})
const track = (messageId: string, userId: string, groupId?: string) =>
  call('track', messageId, userId, { event: 'Signed In', ...(groupId && { context: { groupId } }) })
const group = (messageId: string, userId: string, groupId: string) => call('group', messageId, userId, { groupId })
const ticket = (more: object = {}) => ({
  event: 'created',
  ticketId: '1',
  status: 'New',
  priority: 'Urgent',
  createdAt: '2026-03-01T11:00:00Z',
  updatedAt: '2026-03-01T11:00:00Z',
  organizationExternalId: '',
  requesterExternalId: '',
  subject: 'Broken',
  comment: { body: 'It is broken', public: 'true' },
  ...more,
})

describe('sorting', () => {
  let log: TestDatabase
  let ingestion: IngestionUnderTest
  let key: string

  beforeAll(async () => {
    log = await createLogDatabase()
    ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url } })
    key = (await ingestion.source('product')).writeKey
    await ingestion.api('POST', '/v1/sources', { name: 'desk', kind: 'zendesk', signingSecret: SECRET })
  })
  afterAll(async () => {
    await ingestion?.stop()
    await log?.drop()
  })

  const send = async (...events: object[]) => expect((await ingestion.batch(key, events)).status).toBe(200)
  const emitted = async (topic: string, messageId: string) =>
    (await ingestion.records(topic)).map(dataOf).filter((data) => data['messageId'] === messageId)

  const held = async (source = 'product') => {
    const answer = await ingestion.api('GET', `/v1/quarantine?limit=200&source=${source}`)
    return (answer.body as { items: { id: string; messageId: string; reason: string; redrivenAt: string | null }[] })
      .items
  }

  describe('repeats', () => {
    it('have one effect, and are counted', async () => {
      await send(track('r-1', 'r', 'acme'), track('r-1', 'r', 'acme'))
      await send(track('r-1', 'r', 'acme'))
      // Another user, so another partition of the raw log: still the same event.
      await send(track('r-1', 'somebody-else', 'acme'))
      await eventually(async () => expect(await ingestion.receipt('product', 'r-1')).toMatchObject({ repeats: 3 }))
      expect(await emitted(topics.usageEvents.name, 'r-1')).toHaveLength(1)
    })

    it('are those of one source', async () => {
      const other = await ingestion.source('other-product')
      await send(track('r-2', 'r', 'acme'))
      await ingestion.batch(other.writeKey, [track('r-2', 'r', 'acme')])
      await ingestion.receipt('product', 'r-2')
      await ingestion.receipt('other-product', 'r-2')
      expect(await emitted(topics.usageEvents.name, 'r-2')).toHaveLength(2)
    })
  })

  describe('attribution', () => {
    it('takes the account that is named; it is the same for all sources of a namespace', async () => {
      await send(track('a-1', 'ann', 'acme'))
      const receipt = await ingestion.receipt('product', 'a-1')
      expect(receipt).toMatchObject({ state: 'accepted', accountId: accountIdOf('default', 'acme') })
      const own = await ingestion.source('own-names', { namespace: 'own' })
      await ingestion.batch(own.writeKey, [track('a-2', 'ann', 'acme')])
      const elsewhere = await ingestion.receipt('own-names', 'a-2')
      expect(elsewhere['accountId']).toBe(accountIdOf('own', 'acme'))
      expect(elsewhere['personId']).not.toBe(receipt['personId'])
    })

    it('takes the only account of earlier group calls, also of the same batch', async () => {
      await send(group('a-3', 'bob', 'beta'), track('a-4', 'bob'))
      await send(call('identify', 'a-5', 'bob', { traits: { role: 'dev' } }))
      for (const id of ['a-4', 'a-5'])
        expect(await ingestion.receipt('product', id)).toMatchObject({ accountId: accountIdOf('default', 'beta') })
    })

    it('quarantines who has none, and who has several', async () => {
      await send(track('a-6', 'nobody'), group('a-7', 'two', 'acme'), group('a-8', 'two', 'beta'), track('a-9', 'two'))
      expect(await ingestion.receipt('product', 'a-6')).toMatchObject({
        state: 'quarantined',
        reason: 'PERSON_UNKNOWN',
        accountId: null,
        personId: null,
      })
      expect(await ingestion.receipt('product', 'a-9')).toMatchObject({ reason: 'PERSON_IN_SEVERAL_ACCOUNTS' })
      expect(await emitted(topics.usageEvents.name, 'a-6')).toEqual([])
    })

    it('makes a person, and their key, once', async () => {
      await send(track('a-10', 'carol', 'acme'), track('a-11', 'carol', 'acme'), track('a-12', 'carol', 'beta'))
      const receipts = await Promise.all(['a-10', 'a-11', 'a-12'].map((id) => ingestion.receipt('product', id)))
      const persons = new Set(receipts.map(({ personId }) => personId))
      expect(persons.size).toBe(1)
      const keys = await ingestion.records(topics.personKeys.name)
      expect(keys.filter((record) => persons.has(record.key))).toHaveLength(1)
    })
  })

  describe('tickets', () => {
    it('belong to their organisation', async () => {
      const said = ticket({ organizationExternalId: 'acme', requesterExternalId: 'ann' })
      const answer = await ingestion.ticket('desk', SECRET, said, { id: 't-1' })
      expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', messageId: 't-1' } })
      const ann = await ingestion.receipt('product', 'a-1')
      const receipt = await ingestion.receipt('desk', 't-1')
      expect(receipt).toMatchObject({ accountId: accountIdOf('default', 'acme'), personId: ann['personId'] })
      const [opened] = await emitted(topics.tickets.name, 't-1')
      expect(opened).toMatchObject({ ticketId: '1', status: 'new', priority: 'urgent' })
      expect(JSON.stringify(opened)).not.toContain('roken')
    })

    it('else to the only account of their requester, else to nobody', async () => {
      await ingestion.ticket('desk', SECRET, ticket({ requesterExternalId: 'bob' }), { id: 't-2' })
      await ingestion.ticket('desk', SECRET, ticket({ requesterExternalId: 'stranger' }), { id: 't-3' })
      await ingestion.ticket('desk', SECRET, ticket(), { id: 't-4' })
      expect(await ingestion.receipt('desk', 't-2')).toMatchObject({ accountId: accountIdOf('default', 'beta') })
      expect(await ingestion.receipt('desk', 't-3')).toMatchObject({ state: 'quarantined', reason: 'PERSON_UNKNOWN' })
      expect(await ingestion.receipt('desk', 't-4')).toMatchObject({ state: 'quarantined', reason: 'SENDER_UNKNOWN' })
    })

    it('count once per invocation', async () => {
      const said = ticket({ organizationExternalId: 'acme', event: 'updated' })
      for (let n = 0; n < 3; n += 1) await ingestion.ticket('desk', SECRET, said, { id: 't-5' })
      await eventually(async () => expect(await ingestion.receipt('desk', 't-5')).toMatchObject({ repeats: 2 }))
      expect(await emitted(topics.tickets.name, 't-5')).toHaveLength(1)
    })

    it.each([
      ['unsigned', { headers: { 'x-zendesk-webhook-signature': '' } }, 401, 'SIGNATURE_MISSING'],
      ['wrongly signed', { headers: { 'x-zendesk-webhook-signature': 'AAAA' } }, 401, 'SIGNATURE_INVALID'],
      ['stale', { at: new Date(Date.now() - 301_000) }, 401, 'SIGNATURE_STALE'],
      ['of no invocation', { headers: { 'x-zendesk-webhook-invocation-id': '' } }, 400, 'INVOCATION_ID_MISSING'],
    ])('are refused when they are %s', async (_, how, status, code) => {
      const answer = await ingestion.ticket('desk', SECRET, ticket({ organizationExternalId: 'acme' }), how)
      expect(answer).toMatchObject({ status, body: { code } })
    })

    it('are refused when they are not what our triggers send, with every fault', async () => {
      const answer = await ingestion.ticket('desk', SECRET, ticket({ status: 'Waiting', createdAt: '' }))
      expect(answer).toMatchObject({ status: 422, body: { code: 'TICKET_INVALID' } })
      const { errors } = answer.body as { errors: { pointer: string }[] }
      expect(errors.map(({ pointer }) => pointer)).toEqual(expect.arrayContaining(['/status', '/createdAt']))
      const elsewhere = await ingestion.ticket('no-desk', SECRET, ticket())
      expect(elsewhere).toMatchObject({ status: 404, body: { code: 'SOURCE_NOT_FOUND' } })
    })
  })

  describe('quarantine', () => {
    it('gives back, by command, what can be told now', async () => {
      await send(call('track', 'q-1', 'dora', { event: 'Exported' }), call('track', 'q-2', 'ed', { event: 'Exported' }))
      await ingestion.receipt('product', 'q-2')
      await send(group('q-3', 'dora', 'acme'))
      await ingestion.receipt('product', 'q-3')
      const [one, two] = ['q-1', 'q-2'].map(async (id) => (await held()).find(({ messageId }) => messageId === id)?.id)
      const ids = [await one, await two]
      expect(await ingestion.api('POST', '/v1/quarantine/redrive', { ids })).toMatchObject({
        status: 200,
        body: { redriven: 2 },
      })
      await eventually(async () => {
        expect(await ingestion.receipt('product', 'q-1')).toMatchObject({
          state: 'accepted',
          reason: null,
          accountId: accountIdOf('default', 'acme'),
          repeats: 0,
        })
        const left = (await held()).filter(({ messageId }) => messageId.startsWith('q-'))
        expect(left).toMatchObject([{ messageId: 'q-2', reason: 'PERSON_UNKNOWN', redrivenAt: null }])
      })
      expect(await emitted(topics.usageEvents.name, 'q-1')).toHaveLength(1)
      // Sent again by the client afterwards, it is a repeat like any other.
      await send(call('track', 'q-1', 'dora', { event: 'Exported' }))
      await eventually(async () => expect(await ingestion.receipt('product', 'q-1')).toMatchObject({ repeats: 1 }))
      expect(await emitted(topics.usageEvents.name, 'q-1')).toHaveLength(1)
    })

    it('gives back all of a reason, up to a number', async () => {
      await send(group('q-4', 'ed', 'acme'))
      await ingestion.receipt('product', 'q-4')
      expect(
        await ingestion.api('POST', '/v1/quarantine/redrive', { all: true, reason: 'SENDER_UNKNOWN', max: 1 }),
      ).toMatchObject({ body: { redriven: 1 } })
      await ingestion.api('POST', '/v1/quarantine/redrive', { all: true })
      await eventually(async () =>
        expect(await ingestion.receipt('product', 'q-2')).toMatchObject({ state: 'accepted' }),
      )
    })

    it('gives back again what came back before that was noted, and what the log did not take', async () => {
      await send(call('track', 'q-5', 'fay', { event: 'Exported' }))
      await ingestion.receipt('product', 'q-5')
      const ids = (await held()).flatMap(({ id, messageId }) => (messageId === 'q-5' ? [id] : []))
      const redriveWith = (append: Append) =>
        new Redrive({
          database: ingestion.database,
          log: { append },
          masterKey: new MasterKey(MASTER_KEY),
          clock: new SystemClock(),
          tracing: noTracing,
        }).run({ ids })
      const slowly: Append = async (records) => {
        await ingestion.log.append(records)
        await ingestion.sorted()
      }
      expect(await redriveWith(slowly)).toBe(1)
      const gone = new Error('the log is away')
      await expect(redriveWith(() => Promise.reject(gone))).rejects.toThrow(gone)
      expect(await redriveWith(slowly)).toBe(1)
      expect((await held()).find(({ messageId }) => messageId === 'q-5')).toMatchObject({ redrivenAt: null })
    })

    it.each([[{}], [{ ids: ['x'] }], [{ ids: [], all: true }], [{ all: false }]])(
      'refuses to redrive %j',
      async (body) => {
        expect(await ingestion.api('POST', '/v1/quarantine/redrive', body)).toMatchObject({ status: 400 })
      },
    )

    it('keeps nothing of the event in clear', async () => {
      const rows = await ingestion.database.query<{ record: Buffer }[]>('SELECT record FROM quarantined_event')
      expect(rows.length).toBeGreaterThan(0)
      for (const { record } of rows) expect(record.includes('userId')).toBe(false)
    })
  })

  it('on a database from before it knew an account, emits the same again, and takes the key of the account from the log', async () => {
    await send(call('group', 'b-1', 'rei', { groupId: 'restored', traits: { email: 'desk@restored.test' } }))
    await ingestion.receipt('product', 'b-1')
    const subject = accountIdOf('default', 'restored')
    const sealedAndKeys = async () => ({
      observed: await emitted(topics.observations.name, 'b-1'),
      keys: (await ingestion.records(topics.personKeys.name)).filter((record) => record.key === subject).map(dataOf),
    })
    const { observed, keys } = await sealedAndKeys()
    expect([observed.length, keys.length]).toEqual([1, 1])
    await ingestion.database.query(
      `WITH lost AS (DELETE FROM event_receipt WHERE message_id = 'b-1' RETURNING raw_partition, raw_offset)
       UPDATE consumer_progress SET next_offset = raw_offset, last_ce_id = NULL FROM lost
       WHERE group_name = 'ingestion-sorter' AND partition = raw_partition`,
    )
    await ingestion.database.query('DELETE FROM data_key WHERE subject = $1', [subject])
    await ingestion.restart()
    await ingestion.receipt('product', 'b-1')
    expect(await sealedAndKeys()).toEqual({ observed: [...observed, ...observed], keys })
  })

  it('had each of the public answers as its document says, but those to browsers before they send', () => {
    expect(ingestion.documented.capture.unseen).toEqual(['OPTIONS /v1/{call}'])
  })
})
