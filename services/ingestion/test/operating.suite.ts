import { sorterSlots, topics } from '@banso/contracts'
import { type EventLog, logIdOf, resumesOf } from '@banso/messaging'
import {
  createLogDatabase,
  eventually,
  metricFaults,
  operatorReads,
  operatorWrites,
  personKeyMade,
  recordOf,
  type TestDatabase,
} from '@banso/testing'
import { MasterKey } from '@banso/platform'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { adoptKeys } from '../src/sort-received/adopt-keys.ts'
import { Housekeeping } from '../src/sort-received/housekeeping.ts'
import { SorterConsumer } from '../src/sort-received/sorter-consumer.ts'
import { checkMasterKey } from '../src/store/check-master-key.ts'
import { IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'

const track = (messageId: string, more: object = { context: { groupId: 'acme' } }) => ({
  type: 'track',
  messageId,
  userId: `u-${messageId}`,
  event: 'Signed In',
  ...more,
})
const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** The key of somebody new, as a sorter wrote it from the first record of a partition. */
const keyMade = (writer: string, sequence: number, partition: number) => {
  const subject = randomUUID()
  return { ...recordOf(personKeyMade({ subject }, { key: subject }), { writer, sequence }), partition }
}

export const describeOperating = (): void => {
  describe('operating ingestion', () => {
    let log: TestDatabase
    let ingestion: IngestionUnderTest

    beforeAll(async () => {
      log = await createLogDatabase()
      ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url } })
    })
    afterAll(async () => {
      await ingestion?.stop()
      await log?.drop()
    })

    it('wants the token', async () => {
      expect(await ingestion.api('GET', '/v1/sources', undefined, 'another-token')).toMatchObject({ status: 401 })
      expect(await ingestion.api('GET', '/v1/quarantine', undefined, 'another-token')).toMatchObject({ status: 401 })
    })

    it('makes sources, lists them by pages and by no forged cursor, and refuses a second of the same name', async () => {
      for (const name of ['c', 'a', 'b']) await ingestion.api('POST', '/v1/sources', { name })
      const made = await ingestion.api('POST', '/v1/sources', { name: 'desk', kind: 'zendesk', namespace: 'own' })
      const desk = { name: 'desk', kind: 'zendesk', namespace: 'own', signed: false }
      expect(made).toMatchObject({ status: 201, body: desk })
      expect(await ingestion.api('POST', '/v1/sources', { name: 'a' })).toMatchObject({
        status: 409,
        body: { code: 'SOURCE_EXISTS' },
      })
      const first = await ingestion.api('GET', '/v1/sources?limit=2')
      expect(first.body).toMatchObject({ items: [{ name: 'a', namespace: 'default', kind: 'segment' }, { name: 'b' }] })
      const { next } = first.body as { next: string }
      expect(await ingestion.api('GET', `/v1/sources?limit=2&cursor=${next}`)).toMatchObject({
        body: { items: [{ name: 'c' }, { name: 'desk' }], next: null },
      })
      const place = { quarantinedAt: '0000-01-01T00:00:00.000Z', id: '00000000-0000-4000-8000-000000000000' }
      for (const [list, key] of [
        ['sources', 'a\0'],
        ['quarantine', place],
      ] as const) {
        const forged = Buffer.from(JSON.stringify(key)).toString('base64url')
        expect(await ingestion.api('GET', `/v1/${list}?cursor=${forged}`)).toMatchObject({
          status: 400,
          body: { code: 'CURSOR_INVALID' },
        })
      }
    })

    it.each([
      [{ name: 'With/Slash' }, '/name'],
      [{ name: 'x', kind: 'other' }, '/kind'],
      [{ name: 'x', namespace: 'a b' }, '/namespace'],
      [{ name: 'x', kind: 'segment', signingSecret: 'long-enough' }, '/signingSecret'],
      [{ name: 'x', more: 1 }, '/more'],
    ])('refuses the source %j at %s', async (body, pointer) => {
      const answer = await ingestion.api('POST', '/v1/sources', body)
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ pointer }] } })
    })

    it('keeps a signing secret that is set later, and shows it to nobody', async () => {
      const ticket = { event: 'updated', ticketId: 1, status: 'open', priority: '', createdAt: '2026-03-01T00:00:00Z' }
      const unknown = await ingestion.ticket('desk', 'secret-of-the-desk', ticket)
      expect(unknown).toMatchObject({ status: 401, body: { code: 'SIGNING_SECRET_UNKNOWN' } })
      const set = await ingestion.api('PUT', '/v1/sources/desk/signing-secret', { signingSecret: 'secret-of-the-desk' })
      expect(set).toMatchObject({ status: 200, body: { signed: true } })
      expect(JSON.stringify(set.body)).not.toContain('secret-of-the-desk')
      const [row] = await ingestion.database.query<{ kept: Buffer }[]>(
        `SELECT signing_secret AS kept FROM source WHERE name = 'desk'`,
      )
      expect(row?.kept.includes('secret-of-the-desk')).toBe(false)
      expect(
        await ingestion.api('PUT', '/v1/sources/a/signing-secret', { signingSecret: 'x'.repeat(8) }),
      ).toMatchObject({
        status: 404,
      })
    })

    it('shows a write key once, and keeps its digest', async () => {
      const { id, writeKey } = await ingestion.key('a', 'browser')
      const listed = await ingestion.api('GET', '/v1/sources/a/keys')
      expect(listed.body).toMatchObject({ items: [{ id, kind: 'browser', revokedAt: null }], next: null })
      expect(JSON.stringify(listed.body)).not.toContain(writeKey)
      const rows = await ingestion.database.query<object[]>('SELECT * FROM write_key')
      expect(JSON.stringify(rows)).not.toContain(writeKey)
      expect(await ingestion.api('POST', '/v1/sources/desk/keys', {})).toMatchObject({
        status: 409,
        body: { code: 'SOURCE_HAS_NO_KEYS' },
      })
      expect(await ingestion.api('POST', '/v1/sources/none/keys', {})).toMatchObject({ status: 404 })
      expect(await ingestion.api('DELETE', `/v1/sources/b/keys/${id}`)).toMatchObject({ status: 404 })
      expect(await ingestion.api('DELETE', `/v1/sources/a/keys/${id}`)).toMatchObject({ status: 204 })
    })

    it('shows receipts, and says when there is none', async () => {
      const { writeKey } = await ingestion.key('a')
      await ingestion.batch(writeKey, [track('id/with äöü')])
      expect(await ingestion.receipt('a', 'id/with äöü')).toMatchObject({
        source: 'a',
        messageId: 'id/with äöü',
        state: 'accepted',
        repeats: 0,
        seenOn: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
      })
      expect(await ingestion.api('GET', '/v1/sources/a/receipts/none')).toMatchObject({
        status: 404,
        body: { code: 'RECEIPT_NOT_FOUND' },
      })
    })

    it('says what it counts', async () => {
      const { writeKey } = await ingestion.key('a')
      await ingestion.batch(writeKey, [track('counted'), track('x', { userId: 1 })])
      await ingestion.receipt('a', 'counted')
      const shown = await ingestion.text('/metrics')
      expect(metricFaults(shown)).toEqual([])
      const lines = shown.split('\n')
      const counted = (name: string, ...labels: string[]) =>
        lines.some((line) => line.startsWith(`${name}{`) && labels.every((label) => line.includes(label)))
      expect([
        counted('banso_ingestion_received_events_total', 'result="accepted"'),
        counted('banso_ingestion_received_events_total', 'result="rejected"', 'code="FIELD_INVALID"'),
        counted('banso_ingestion_sorted_events_total', 'state="accepted"'),
        counted('banso_ingestion_append_seconds_count'),
        counted('banso_consumer_lag_records', 'group="ingestion-sorter"'),
        counted('banso_chunk_seconds_count', 'group="ingestion-sorter"'),
        counted('banso_ingestion_quarantined_events', '} 0'),
        counted('http_request_duration_seconds_count', 'route="/v1/:call"'),
        counted('banso_consumer_alive_timestamp_seconds', 'group="ingestion-sorter"'),
        counted('banso_ready', 'check="sorter"', '} 1'),
      ]).toEqual(Array(10).fill(true))
    })

    describe('housekeeping', () => {
      it('trims what was passed more than three days ago, and nothing else', async () => {
        const { writeKey } = await ingestion.key('a')
        const housekeeping = ingestion.part(Housekeeping)
        await ingestion.batch(writeKey, [track('old')])
        await ingestion.receipt('a', 'old')
        const starts = async () =>
          (await ingestion.log.positions(topics.received.name)).reduce((sum, { start }) => sum + start, 0)
        await housekeeping.trimRaw()
        expect(await starts()).toBe(0)
        await ingestion.database.query('UPDATE trim_mark SET passed_on = $1', [daysAgo(3)])
        await housekeeping.trimRaw()
        expect(await starts()).toBe(0)
        await ingestion.database.query('UPDATE trim_mark SET passed_on = $1', [daysAgo(4)])
        await housekeeping.trimRaw()
        expect(await starts()).toBeGreaterThan(0)
        expect(await ingestion.database.query<object[]>('SELECT FROM trim_mark')).toEqual([])
        await ingestion.batch(writeKey, [track('after-trim')])
        expect(await ingestion.receipt('a', 'after-trim')).toMatchObject({ state: 'accepted' })
      })

      it('forgets receipts beyond the window, but none of a quarantined event', async () => {
        const { writeKey } = await ingestion.key('a')
        await ingestion.batch(writeKey, [track('beyond'), track('held', {}), track('within')])
        for (const id of ['beyond', 'held', 'within']) await ingestion.receipt('a', id)
        await ingestion.database.query(`UPDATE event_receipt SET seen_on = $1 WHERE message_id IN ('beyond', 'held')`, [
          daysAgo(8),
        ])
        await ingestion.database.query(`UPDATE event_receipt SET seen_on = $1 WHERE message_id = 'within'`, [
          daysAgo(7),
        ])
        await ingestion.part(Housekeeping).forgetReceipts()
        const left = await ingestion.database.query<{ id: string }[]>(
          `SELECT message_id AS id FROM event_receipt WHERE message_id IN ('beyond', 'held', 'within') ORDER BY 1`,
        )
        expect(left.map(({ id }) => id)).toEqual(['held', 'within'])
      })
    })

    it('stops the sorter, red, on a log that is not its own, takes events meanwhile, and sorts them when resumed', async () => {
      const { writeKey } = await ingestion.source('moved')
      await ingestion.batch(writeKey, [track('before')])
      await ingestion.receipt('moved', 'before')
      const sorted = async () =>
        (await ingestion.records(topics.usageEvents.name))
          .map((record) => String(dataOf(record)['messageId']))
          .filter((id) => id === 'before' || id === 'meanwhile')
      await ingestion.database.query(
        `UPDATE consumer_progress SET log_id = 'another' WHERE group_name = 'ingestion-sorter'`,
      )
      await ingestion.restart({}, 'up')
      const stopped = { group: 'ingestion-sorter', state: 'stopped', reason: expect.stringContaining('of another log') }
      await eventually(
        async () =>
          expect(await ingestion.api('GET', '/v1/operations/status')).toMatchObject({ body: { groups: [stopped] } }),
        { timeoutMs: 20_000 },
      )
      expect(await ingestion.api('GET', '/health/ready')).toMatchObject({
        status: 503,
        body: { error: { sorter: { reason: expect.stringContaining('ingestion-sorter is stopped') } } },
      })
      expect((await ingestion.batch(writeKey, [track('meanwhile')])).status).toBe(200)
      expect(await sorted()).toEqual(['before'])

      const resumed = await ingestion.api('POST', '/v1/operations/resume', { at: 'start' })
      expect(resumed).toMatchObject({ status: 200, body: { groups: ['ingestion-sorter'] } })
      expect(await ingestion.receipt('moved', 'meanwhile')).toMatchObject({ state: 'accepted', repeats: 0 })
      // what it had sorted before comes again from there, and is known by its receipt
      expect(await ingestion.receipt('moved', 'before')).toMatchObject({ state: 'accepted', repeats: 1 })
      expect(await sorted()).toEqual(['before', 'meanwhile'])
      expect((await ingestion.api('GET', '/health/ready')).status).toBe(200)
    }, 60_000)

    it('answers as its document says', async () => {
      const { writeKey } = await ingestion.source('read')
      await ingestion.batch(writeKey, [track('read'), track('held-to-read', {})])
      for (const id of ['read', 'held-to-read']) await ingestion.receipt('read', id)
      const sources = ['/v1/sources', '/v1/sources/read', '/v1/sources/read/keys', '/v1/sources/read/receipts/read']
      for (const path of [...operatorReads, ...sources, '/v1/quarantine'])
        expect((await ingestion.api('GET', path)).status).toBe(200)
      const redriven = await ingestion.api('POST', '/v1/quarantine/redrive', { all: true })
      expect(redriven).toMatchObject({ status: 200 })
      for (const write of operatorWrites) expect((await ingestion.api(...write)).status).toBe(200)
      expect(ingestion.documented.api.unseen).toEqual(['POST /v1/operations/rebuild']) // refused: it has nothing to rebuild
    })

    it('does not start with another master key', async () => {
      const another = new MasterKey(randomBytes(32).toString('base64'))
      await expect(checkMasterKey(ingestion.database, another)).rejects.toThrow('BANSO_MASTER_KEY')
    })

    it('on a database from before a resume, takes the keys of accounts made since, from several partitions at a time', async () => {
      const { log: young, database } = ingestion
      const logId = await ingestion.part(SorterConsumer).logId()
      const since = `received/${logIdOf(await young.id(), resumesOf(logId) + 1)}/3`
      const taken = Array.from({ length: 8 }, (_, partition) => keyMade(since, sorterSlots.accountKey, partition))
      const [sorted] = await database.query<{ partition: number }[]>(
        `SELECT partition FROM consumer_progress WHERE group_name = 'ingestion-sorter' AND next_offset > 0`,
      )
      const known = keyMade(`received/${logId}/${sorted?.partition}`, sorterSlots.accountKey, 0)
      await young.append([known, ...taken, keyMade(since, sorterSlots.personKey, 0)])
      let [reading, most] = [0, 0]
      const counted: Pick<EventLog, 'positions' | 'read'> = {
        positions: (topic) => young.positions(topic),
        read: (...asked) => {
          most = Math.max(most, (reading += 1))
          return young.read(...asked).finally(() => (reading -= 1))
        },
      }
      expect(await adoptKeys(counted, database, logId)).toBe(taken.length)
      expect(most).toBeGreaterThan(1)
      expect(await adoptKeys(counted, database, logId)).toBe(0)
    })
  })
}
