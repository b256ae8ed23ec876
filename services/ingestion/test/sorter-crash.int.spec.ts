import { HEADER, REDRIVE_HEADER, type SegmentCall, topics } from '@banso/contracts'
import type { EventLog, LogRecord } from '@banso/messaging'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { partitionsOf } from './read-topic.ts'
import { SorterBench } from './sorter-bench.ts'

const OUTPUT_TOPICS = [topics.personKeys, topics.usageEvents, topics.observations, topics.tickets]

const said = (type: SegmentCall['type'], userId: string, more: Partial<SegmentCall> = {}): SegmentCall => ({
  type,
  messageId: randomUUID(),
  userId,
  timestamp: '2026-03-01T12:00:00.000Z',
  ...(type === 'track' && { event: 'Signed In' }),
  ...more,
})

/** The raw topic has room for it, but not for what the sorter adds. */
const tooLarge = (userId: string): SegmentCall => {
  const text = 'x'.repeat(topics.received.maxRecordBytes - 3_000)
  return said('track', userId, { context: { groupId: 'acme' }, properties: { text } })
}

/** Two repeats of the first, one person without an account, sealed traits of a person and of an account. */
const story = (): SegmentCall[] => {
  const user = `u-${randomUUID()}`
  const joined = said('group', user, { groupId: randomUUID(), traits: { plan: 'pro', email: 'desk@acme.test' } })
  const identified = said('identify', user, { traits: { email: 'ann@acme.test', role: 'dev' } })
  const used = said('track', user, { properties: { by: 'ann@acme.test', n: 1 } })
  return [
    joined,
    identified,
    used,
    joined,
    said('track', `lost-${user}`),
    used,
    said('alias', user, { previousId: 'x' }),
  ]
}
type Append = EventLog['append']
const bytesOf = ({ topic, partition, key, value, headers }: LogRecord) =>
  JSON.stringify({ topic, partition, key, headers, value: value.toString('base64') })
const gone = new Error('the process is gone')
const dies: Append = () => Promise.reject(gone)

describe('a sorter that fails', () => {
  let bench: SorterBench
  let chunk: Awaited<ReturnType<SorterBench['chunkOf']>>
  let calls: SegmentCall[]

  beforeAll(async () => {
    bench = await SorterBench.start()
  })
  afterAll(async () => {
    await bench?.stop()
  })
  beforeEach(async () => {
    calls = story()
    chunk = await bench.chunkOf(calls)
  })

  /** What this story has on the typed topics, copies included, by writer and sequence. */
  const copies = async (): Promise<Map<string, LogRecord[]>> => {
    const all = (await Promise.all(OUTPUT_TOPICS.map(({ name }) => partitionsOf(bench.log, name)))).flat()
    const first = chunk.from * 64
    const ours = all.filter(({ headers }) => Number(headers[HEADER.sequence]) >= first)
    return Map.groupBy(ours, ({ headers }) => `${headers[HEADER.writer]}#${headers[HEADER.sequence]}`)
  }

  const stateOf = async ({ messageId }: SegmentCall): Promise<object | undefined> => {
    const [row] = await bench.database.query<object[]>(
      `SELECT receipt.state, receipt.reason, receipt.repeats, held.reason AS held
       FROM event_receipt AS receipt LEFT JOIN quarantined_event AS held USING (source, message_id)
       WHERE message_id = $1`,
      [messageId],
    )
    return row
  }

  /** The outcome that the story must have, whatever happened on the way. */
  const expectOnce = async (): Promise<void> => {
    const outputs = [...(await copies()).values()]
    for (const same of outputs) expect(new Set(same.map(bytesOf)).size).toBe(1)
    const types = outputs.map(([record]) => record?.headers[HEADER.type] ?? '')
    expect(types.toSorted()).toEqual([
      'ingestion.account-observed.v1',
      'ingestion.person-key-made.v1',
      'ingestion.person-key-made.v1',
      'ingestion.person-observed.v1',
      'ingestion.product-used.v1',
    ])
    const ids = calls.map(({ messageId }) => messageId)
    const rows = await bench.database.query<{ message_id: string; state: string; repeats: number }[]>(
      'SELECT message_id, state, repeats FROM event_receipt WHERE message_id = ANY($1)',
      [ids],
    )
    const found = new Map(rows.map((row) => [row.message_id, row]))
    expect(ids.map((id) => [found.get(id)?.state, found.get(id)?.repeats])).toEqual([
      ['accepted', 1],
      ['accepted', 0],
      ['accepted', 1],
      ['accepted', 1],
      ['quarantined', 0],
      ['accepted', 1],
      ['accepted', 0],
    ])
  }

  it('does nothing twice when nothing fails', async () => {
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'committed' }])
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'committed' }])
    await expectOnce()
    for (const same of (await copies()).values()) expect(same).toHaveLength(1)
  })

  it('before its receipts are there, leaves nothing behind', async () => {
    const persons = () => bench.database.query<object[]>('SELECT count(*) FROM person')
    const before = await persons()
    await bench.database.query('ALTER TABLE quarantined_event RENAME TO away')
    try {
      await expect(bench.sorter().process([chunk])).rejects.toThrow('quarantined_event')
    } finally {
      await bench.database.query('ALTER TABLE away RENAME TO quarantined_event')
    }
    expect(await persons()).toEqual(before)
    expect((await copies()).size).toBe(0)
    await bench.sorter().process([chunk])
    await expectOnce()
  })

  it('between receipts and outputs, emits the same later', async () => {
    await expect(bench.sorter(dies).process([chunk])).rejects.toThrow(gone)
    expect((await copies()).size).toBe(0)
    await bench.sorter().process([chunk])
    await expectOnce()
  })

  it('in the middle of its outputs, emits all of them again, the same', async () => {
    const half: Append = async (records) => {
      await bench.log.append(records.slice(0, 2))
      throw gone
    }
    await expect(bench.sorter(half).process([chunk])).rejects.toThrow(gone)
    await bench.sorter().process([chunk])
    await expectOnce()
    const numbers = [...(await copies()).values()].map(({ length }) => length).toSorted((a, b) => a - b)
    expect(numbers).toEqual([1, 1, 1, 2, 2])
  })

  it('between outputs and position, emits the same again', async () => {
    const unacknowledged: Append = async (records) => {
      await bench.log.append(records)
      throw gone
    }
    await expect(bench.sorter(unacknowledged).process([chunk])).rejects.toThrow(gone)
    await bench.database.query('ALTER TABLE trim_mark RENAME TO away')
    try {
      await expect(bench.sorter().process([chunk])).rejects.toThrow('trim_mark')
    } finally {
      await bench.database.query('ALTER TABLE away RENAME TO trim_mark')
    }
    await bench.sorter().process([chunk])
    await expectOnce()
    for (const same of (await copies()).values()) expect(same).toHaveLength(3)
  })

  it('with a chunk that was cut differently before, emits the same', async () => {
    const short = { ...chunk, records: chunk.records.slice(0, 4) }
    await expect(bench.sorter(dies).process([short])).rejects.toThrow(gone)
    await bench.sorter().process([chunk])
    await expectOnce()
  })

  it('and wakes up late beside its successor, does no harm', async () => {
    const results = await Promise.all([1, 2, 3].map(() => bench.sorter().process([chunk])))
    expect(results.flat().filter(({ kind }) => kind === 'committed').length).toBeGreaterThanOrEqual(1)
    await bench.sorter().process([chunk])
    await expectOnce()
  })

  it('on a database restored to before the chunk, emits again what consumers of accounts drop', async () => {
    await bench.sorter().process([chunk])
    await bench.database.query('TRUNCATE event_receipt, quarantined_event, person, person_account, data_key')
    await bench.database.query('UPDATE consumer_progress SET next_offset = $1', [chunk.from])
    await bench.sorter().process([chunk])
    const ofAccounts = [...(await copies()).values()].filter(([record]) => record?.topic !== topics.personKeys.name)
    expect(ofAccounts).toHaveLength(3)
    for (const [first, again, ...more] of ofAccounts) {
      expect(more).toEqual([])
      expect([again?.topic, again?.partition, again?.key]).toEqual([first?.topic, first?.partition, first?.key])
    }
  })

  it('refuses a chunk of another epoch', async () => {
    await bench.database.query('UPDATE consumer_progress SET epoch = epoch + 1')
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'refused', why: 'elsewhere' }])
    expect((await copies()).size).toBe(0)
    await bench.sorter().process([{ ...chunk, epoch: chunk.epoch + 1 }])
    await expectOnce()
  })

  it('moves a quarantined event to its new place, and emits it there, once, whatever fails', async () => {
    await bench.sorter().process([chunk])
    const lost = calls[4] ?? said('track', 'nobody')
    const joins = said('group', lost.userId ?? '', { groupId: randomUUID() })
    chunk = await bench.chunkOf([joins])
    await bench.sorter().process([chunk])
    chunk = await bench.chunkOf([lost, lost], { [REDRIVE_HEADER]: 'x' })
    await expect(bench.sorter(dies).process([chunk])).rejects.toThrow(gone)
    await bench.sorter().process([chunk])
    const outputs = [...(await copies()).values()].flat()
    expect(outputs.map(({ headers }) => headers[HEADER.type])).toEqual(['ingestion.product-used.v1'])
    const [row] = await bench.database.query<{ state: string; repeats: number }[]>(
      'SELECT state, repeats FROM event_receipt WHERE message_id = $1',
      [lost.messageId],
    )
    expect(row).toEqual({ state: 'accepted', repeats: 0 })
    const held = await bench.database.query<object[]>('SELECT FROM quarantined_event WHERE message_id = $1', [
      lost.messageId,
    ])
    expect(held).toEqual([])
  })

  it('counts what it could not emit as not seen: sent again in a form that fits, it has its effect', async () => {
    await bench.sorter().process([chunk])
    const unfit = tooLarge(`u-${randomUUID()}`)
    chunk = await bench.chunkOf([unfit])
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'committed' }])
    expect((await copies()).size).toBe(0)
    expect(await stateOf(unfit)).toEqual({
      state: 'rejected',
      reason: 'UNPROCESSABLE',
      repeats: 0,
      held: 'UNPROCESSABLE',
    })

    const mended = { ...unfit, properties: { n: 1 } }
    chunk = await bench.chunkOf([mended, mended])
    await expect(bench.sorter(dies).process([chunk])).rejects.toThrow(gone)
    await bench.sorter().process([chunk])
    const outputs = [...(await copies()).values()].flat()
    // Of the first time no person was left behind: the key is emitted now.
    expect(outputs.map(({ headers }) => headers[HEADER.type])).toEqual(
      expect.arrayContaining(['ingestion.person-key-made.v1', 'ingestion.product-used.v1']),
    )
    expect(outputs).toHaveLength(2)
    expect(await stateOf(unfit)).toEqual({ state: 'accepted', reason: null, repeats: 1, held: null })
  })

  it('rejects, and holds up nobody with, what only the release before it could emit', async () => {
    await bench.sorter().process([chunk])
    const user = `u-${randomUUID()}`
    const [unfit, other] = [tooLarge(user), said('track', user, { context: { groupId: 'acme' } })]
    chunk = await bench.chunkOf([unfit, other])
    await expect(bench.sorter(dies).process([chunk])).rejects.toThrow(gone)
    await bench.database.query(
      `UPDATE event_receipt SET state = 'accepted', reason = NULL, account_id = $2, person_id = $3 WHERE message_id = $1`,
      [unfit.messageId, randomUUID(), randomUUID()],
    )
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'committed' }])
    expect(await stateOf(unfit)).toMatchObject({ state: 'rejected', reason: 'UNPROCESSABLE', held: 'UNPROCESSABLE' })
    expect(await stateOf(other)).toMatchObject({ state: 'accepted', held: null })
  })

  it('puts a record aside that is none of ours, and goes on behind it', async () => {
    await bench.sorter().process([chunk])
    const at = { topic: chunk.topic, partition: chunk.partition }
    const foreign = { ...at, key: 'x', value: Buffer.from('{'), headers: { ce_type: 'x' } }
    await bench.log.append([foreign])
    chunk = await bench.chunkOf([said('track', 'z', { context: { groupId: 'acme' } })])
    expect(await bench.sorter().process([chunk])).toMatchObject([{ kind: 'committed' }])
    const [row] = await bench.database.query<{ reason: string }[]>(
      `SELECT reason FROM quarantined_event WHERE message_id LIKE '%/${chunk.from}'`,
    )
    expect(row).toEqual({ reason: 'UNDECODABLE' })
    expect((await copies()).size).toBe(2)
  })

  it('takes as many statements for 140 stories as for one', async () => {
    await bench.sorter().process([chunk])
    const statementsFor = async (stories: number): Promise<number> => {
      const own = await bench.chunkOf(Array.from({ length: stories }, story).flat().slice(0, 1_000))
      const before = bench.statements.count
      expect(await bench.sorter().process([own])).toMatchObject([{ kind: 'committed' }])
      return bench.statements.count - before
    }
    const one = await statementsFor(1)
    expect(await statementsFor(140)).toBe(one)
  })
})
