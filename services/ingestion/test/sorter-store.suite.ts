import { sorterSlots, topics } from '@banso/contracts'
import { type EventLog, logIdOf, resumesOf } from '@banso/messaging'
import { MasterKey } from '@banso/platform'
import { eventually, personKeyMade, recordOf } from '@banso/testing'
import { describe, expect, it } from '@jest/globals'
import { randomBytes, randomUUID } from 'node:crypto'
import { adoptKeys } from '../src/sort-received/adopt-keys.ts'
import { Housekeeping } from '../src/sort-received/housekeeping.ts'
import { SorterConsumer } from '../src/sort-received/sorter-consumer.ts'
import { checkMasterKey } from '../src/store/check-master-key.ts'
import type { IngestionUnderTest } from './ingestion-under-test.ts'
import { dataOf } from './read-topic.ts'
import { track, trackOfNobody } from './track-call.ts'

const daysAgo = (days: number): string => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** The key of somebody new, as a sorter wrote it from the first record of a partition. */
const keyMade = (writer: string, sequence: number, partition: number) => {
  const subject = randomUUID()
  return { ...recordOf(personKeyMade({ subject }, { key: subject }), { writer, sequence }), partition }
}

/** What the sorter's store holds beside its log: what of it goes with time, and where the two do not belong together. */
export const describeSorterStore = (running: () => IngestionUnderTest): void => {
  describe('housekeeping', () => {
    it('trims what was passed more than three days ago, and nothing else', async () => {
      const ingestion = running()
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
      const ingestion = running()
      const { writeKey } = await ingestion.key('a')
      await ingestion.batch(writeKey, [track('beyond'), trackOfNobody('held'), track('within')])
      for (const id of ['beyond', 'held', 'within']) await ingestion.receipt('a', id)
      await ingestion.database.query(`UPDATE event_receipt SET seen_on = $1 WHERE message_id IN ('beyond', 'held')`, [
        daysAgo(8),
      ])
      await ingestion.database.query(`UPDATE event_receipt SET seen_on = $1 WHERE message_id = 'within'`, [daysAgo(7)])
      await ingestion.part(Housekeeping).forgetReceipts()
      const left = await ingestion.database.query<{ id: string }[]>(
        `SELECT message_id AS id FROM event_receipt WHERE message_id IN ('beyond', 'held', 'within') ORDER BY 1`,
      )
      expect(left.map(({ id }) => id)).toEqual(['held', 'within'])
    })
  })

  it('stops the sorter, red, on a log that is not its own, takes events meanwhile, and sorts them when resumed', async () => {
    const ingestion = running()
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

  describe('the store beside a log', () => {
    it('does not start with another master key', async () => {
      const ingestion = running()
      const another = new MasterKey(randomBytes(32).toString('base64'))
      await expect(checkMasterKey(ingestion.database, another)).rejects.toThrow('BANSO_MASTER_KEY')
    })

    it('on a database from before a resume, takes the keys of accounts made since, from several partitions at a time', async () => {
      const ingestion = running()
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
