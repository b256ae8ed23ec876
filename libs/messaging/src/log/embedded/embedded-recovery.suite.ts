import { createDatabase, eventually, type TestDatabase } from '@banso/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import pg from 'pg'
import { killWhileItConsumes } from '../../../test/kill-consumer.ts'
import { Session } from '../../presence/presence.ts'
import { AppendError } from '../errors.ts'
import type { Batch } from '../event-log.ts'
import { declare, Ledger, Opened, recordFor, recordsFor, unexpectedCrash } from '../suite/harness.ts'
import { EmbeddedEventLog } from './embedded-event-log.ts'
import { LEASE_MS } from './membership.ts'
import { inTransaction } from './schema.ts'

const open = ({ url }: TestDatabase) => new EmbeddedEventLog({ url, minCompactionLagMs: 0, housekeepingMs: 50 })

export const describeEmbeddedRecovery = (): void => {
  describe('the embedded log', () => {
    let database: TestDatabase
    let sql: pg.Client
    let opened: Opened
    let ledger: Ledger

    beforeAll(async () => {
      database = await createDatabase()
      sql = new pg.Client(database.url)
      await sql.connect()
    })
    afterAll(async () => {
      await sql.end()
      await database.drop()
    })
    beforeEach(() => {
      opened = new Opened({ open: () => open(database), openAnother: async () => open(database) })
      ledger = new Ledger()
    })
    afterEach(() => opened.close())

    const options = (topic: string, group = `test-${randomUUID()}`) => ({
      group,
      topics: [topic],
      start: ledger.start,
      onBatch: async (batch: Batch) => ledger.apply(batch),
      onCrash: unexpectedCrash,
    })

    const cutConnections = () =>
      sql.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and application_name = 'banso-log'`)

    it('is prepared by several processes at once', async () => {
      const fresh = await createDatabase()
      const logs = Array.from({ length: 5 }, () => new EmbeddedEventLog({ url: fresh.url }))
      const ids = await Promise.all(logs.map((log) => log.id()))
      expect(new Set(ids).size).toBe(1)
      await Promise.all(logs.map((log) => log.close()))
      await fresh.drop()
    })

    it('gives offsets without gaps or repeats to processes that append to the same partitions', async () => {
      const topic = declare({ partitions: 3 })
      const logs = [opened.log(), opened.log(), opened.log()]
      await logs[0]?.ensureTopics([topic])
      await Promise.all(
        logs.flatMap((log, writer) =>
          Array.from({ length: 40 }, (_, n) =>
            log.append([2, 0, 1].map((partition) => recordFor(topic.name, partition, `${writer}-${n}`))),
          ),
        ),
      )
      for (const partition of [0, 1, 2]) {
        const records = await opened.log().read({ topic: topic.name, partition }, 0, 1_000)
        expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 120 }, (_, n) => n))
        for (const writer of [0, 1, 2]) {
          const own = records.map(({ value }) => value.toString()).filter((value) => value.startsWith(`${writer}-`))
          expect(own).toEqual(Array.from({ length: 40 }, (_, n) => `${writer}-${n}`))
        }
      }
    })

    it('goes on by itself when its connections are cut', async () => {
      const log = opened.log()
      const topic = declare({ partitions: 2 })
      await log.ensureTopics([topic])
      await opened.consume(log, options(topic.name))
      await log.append(recordsFor(topic.name, 0, 5))
      await eventually(() => expect(ledger.valuesOn(0)).toHaveLength(5))
      await cutConnections()
      await eventually(() => log.append([recordFor(topic.name, 1, 'after')]))
      await eventually(() => expect(ledger.valuesOn(1)).toContain('after'))
    })

    it('outlives a connection that is cut in the middle of a transaction', async () => {
      const pool = new pg.Pool({ connectionString: database.url, application_name: 'banso-log' })
      pool.on('error', () => undefined)
      const cut = inTransaction(pool, async (client) => {
        const gone = new Promise((resolve) => client.once('end', resolve))
        await cutConnections()
        await gone
        await client.query('select 1')
      })
      await expect(cut).rejects.toThrow(/not queryable|terminat/)
      await expect(inTransaction(pool, (client) => client.query('select 1'))).resolves.toMatchObject({ rowCount: 1 })
      await pool.end()
    })

    it('says which records are not confirmed when the database is away', async () => {
      const away = new EmbeddedEventLog({ url: 'postgres://nobody@127.0.0.1:1/none' })
      const record = recordFor('any', 0, 'lost')
      const fault: unknown = await away.append([record]).catch((reason: unknown) => reason)
      expect(fault).toBeInstanceOf(AppendError)
      expect((fault as AppendError).unconfirmed).toEqual([record])
      await expect(away.ping()).rejects.toThrow('ECONNREFUSED')
      await away.close()
    })

    it('stops work on a partition whose lease another member holds', async () => {
      const log = opened.log()
      const topic = declare({ partitions: 1 })
      const group = `test-${randomUUID()}`
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 0, 1))
      const aborted = Promise.withResolvers<void>()
      const consumption = await opened.consume(log, {
        ...options(topic.name, group),
        onBatch: async (batch, signal) => {
          signal.addEventListener('abort', () => aborted.resolve(), { once: true })
          await aborted.promise
          return { next: batch.records[0]?.offset ?? 0, pauseMs: 0 }
        },
      })
      await eventually(() => expect(consumption.assignment()).toHaveLength(1))
      await sql.query('update lease set member = gen_random_uuid() where group_name = $1', [group])
      await aborted.promise
      await eventually(() => expect(consumption.assignment()).toHaveLength(0))
    })

    it.each(['says nothing of it', 'is there'])(
      'takes the partitions of a member that is silent when its lease has run out, not before, while its connection %s',
      async (how) => {
        const log = opened.log()
        const topic = declare({ partitions: 1 })
        const group = `test-${randomUUID()}`
        await log.ensureTopics([topic])
        await log.append(recordsFor(topic.name, 0, 3))
        const session = await Session.open(database.url, 'banso-test')
        const began = performance.now()
        await sql.query(
          `insert into lease select $1, id, 0, $3, now() + interval '1.5 seconds' from topic where name = $2`,
          [group, topic.name, how === 'is there' ? session.newId() : randomUUID()],
        )
        await opened.consume(log, options(topic.name, group))
        await eventually(() => expect(ledger.effects).toHaveLength(3))
        expect(performance.now() - began).toBeGreaterThan(1_450)
        session.close()
      },
    )

    it('takes the partitions of a process that was killed at once', async () => {
      const log = opened.log()
      const topic = declare({ partitions: 2 })
      const group = `test-${randomUUID()}`
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 1, 3))
      await killWhileItConsumes({ url: database.url, topic, group })
      const began = performance.now()
      await opened.consume(log, options(topic.name, group))
      await eventually(() => expect(ledger.effects).toHaveLength(3), { timeoutMs: 20_000 })
      expect(performance.now() - began).toBeLessThan(LEASE_MS / 2)
    })

    it('lets go of its partitions when the connection that vouches for it is cut, and takes them again', async () => {
      const log = opened.log()
      const topic = declare({ partitions: 1 })
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 0, 1))
      const underWay = Promise.withResolvers<void>()
      const lost: boolean[] = []
      const consumption = await opened.consume(log, {
        ...options(topic.name),
        onBatch: async (batch, signal) => {
          if (lost.length > 0) return ledger.apply(batch)
          underWay.resolve()
          await once(signal, 'abort')
          lost.push(consumption.assignment().length === 0)
          return { next: 0, pauseMs: 0 }
        },
      })
      await underWay.promise
      const began = performance.now()
      await sql.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database =
      (select oid from pg_database where datname = current_database())`)
      await eventually(() => expect(ledger.effects).toHaveLength(1), { timeoutMs: 20_000 })
      expect(lost).toEqual([true])
      expect(performance.now() - began).toBeLessThan(LEASE_MS / 2)
    })

    it('deletes superseded records of compacted topics, and of no others', async () => {
      const log = opened.log()
      const [compacted, kept] = [declare({ partitions: 1, compacted: true }), declare({ partitions: 1 })]
      await log.ensureTopics([compacted, kept])
      for (const { name } of [compacted, kept]) {
        await log.append(['a', 'b', 'a', 'c', 'a'].map((key, n) => recordFor(name, 0, `${n}`, { key })))
      }
      const offsets = async (topic: string) =>
        (await log.read({ topic, partition: 0 }, 0, 10)).map(({ offset }) => offset)
      await eventually(async () => expect(await offsets(compacted.name)).toEqual([1, 3, 4]))
      expect(await offsets(kept.name)).toEqual([0, 1, 2, 3, 4])
      await opened.consume(log, options(compacted.name))
      await eventually(() => expect(ledger.valuesOn(0)).toEqual(['1', '3', '4']))
    })

    it('says that nothing is deleted, and deletes it when it can', async () => {
      const said: string[] = []
      const notices = {
        debug: () => {},
        warn: (_: object, message: string) => void said.push(message),
        error: unexpectedCrash,
      }
      const topic = declare({ partitions: 1, compacted: true })
      await opened.log().ensureTopics([topic])
      await sql.query('alter table member rename column alive_until to away')
      const log = new EmbeddedEventLog({ url: database.url, minCompactionLagMs: 0, housekeepingMs: 50, notices })
      await log.append(['1', '2'].map((value) => recordFor(topic.name, 0, value, { key: 'a' })))
      await eventually(() => expect(said).toContainEqual(expect.stringContaining('not deleted')))
      expect(await log.read({ topic: topic.name, partition: 0 }, 0, 10)).toHaveLength(2)
      await sql.query('alter table member rename column away to alive_until')
      await eventually(async () => expect(await log.read({ topic: topic.name, partition: 0 }, 0, 10)).toHaveLength(1))
      await log.close()
    })

    it('deletes what is older than the retention of its topic', async () => {
      const log = opened.log()
      const topic = declare({ partitions: 1, retentionMs: 3_600_000 })
      await log.ensureTopics([topic])
      await log.append(recordsFor(topic.name, 0, 4))
      await sql.query(
        `update record set appended_at = now() - interval '2 hours'
       where "offset" < 3 and topic_id = (select id from topic where name = $1)`,
        [topic.name],
      )
      await eventually(async () => expect(await log.positions(topic.name)).toMatchObject([{ start: 3, end: 4 }]))
      expect(await log.read({ topic: topic.name, partition: 0 }, 0, 10)).toHaveLength(1)
    })
  })
}
