import { HEADER, topics } from '@banso/contracts'
import {
  copyDatabase,
  eventually,
  productUsed,
  recordOf,
  type TestDatabase,
  ticketOpened,
  ticketReplied,
} from '@banso/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DataSource } from 'typeorm'
import {
  ledgerDatabase,
  LedgerHandler,
  ledgerModule,
  OpenedHandler,
  script,
  SecondHandler,
  TOKEN,
} from '../test/ledger-service.suite.ts'
import { createEventService } from './event-service.ts'
import type { EventLog } from './log/event-log.ts'
import { partitionOf } from './log/partitioner.ts'
import { openLog } from './open-log.ts'
import type { LogSettings } from './settings.ts'

export interface LogUnderTest {
  readonly settings: LogSettings
  close(): Promise<void>
}

const connected = (url: string): Promise<DataSource> => new DataSource({ type: 'postgres', url }).initialize()

/** An event service as a service runs it, over one kind of log. */
export const describeEventService = (openLogUnderTest: () => Promise<LogUnderTest>): void => {
  let underTest: LogUnderTest
  let log: EventLog
  let database: TestDatabase
  let source: DataSource
  let app: NestFastifyApplication | undefined

  beforeAll(async () => {
    underTest = await openLogUnderTest()
    log = await openLog('spec', underTest.settings)
    await log.ensureTopics([topics.usageEvents, topics.tickets])
  }, 120_000)
  afterAll(async () => {
    await log.close()
    await underTest.close()
  })
  beforeEach(async () => {
    Object.assign(script, { inits: 0, batches: [], fail: undefined, pause: undefined })
    database = await ledgerDatabase()
    source = await connected(database.url)
  })
  afterEach(async () => {
    await app?.close()
    app = undefined
    await source.destroy()
    await database.drop()
  })

  const start = async (url = database.url): Promise<NestFastifyApplication> => {
    const module = ledgerModule(url, underTest.settings, [LedgerHandler, OpenedHandler])
    app = await createEventService(module, { handleSignals: false })
    return app
  }
  // The log outlives a test: what came before is left out by its prefix.
  let prefix = 0
  beforeEach(() => {
    prefix += 1
  })
  const send = (...names: string[]): Promise<void> =>
    log.append(names.map((name) => recordOf(productUsed({}, { id: `${prefix}-${name}`, key: `${prefix}-${name[0]}` }))))
  const effects = async (): Promise<string[]> => {
    const rows = await source.query<{ id: string; key: string }[]>('SELECT id, key FROM effect ORDER BY n')
    return rows.filter(({ key }) => key.startsWith(`${prefix}-`)).map(({ id }) => id.replace(`${prefix}-`, ''))
  }
  const changesInLog = async (): Promise<number> =>
    (await log.positions(topics.healthChanges.name)).reduce((sum, { end }) => sum + end, 0)
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app?.inject({
      method,
      url,
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(payload && { payload }),
    })
    return { status: answer?.statusCode, body: answer?.json<unknown>() }
  }

  it('hands events over in batches, publishes what follows, and initialises modules once', async () => {
    await start()
    await send('a1', 'a2', 'b1')
    await eventually(async () => expect((await effects()).length).toBe(3), { timeoutMs: 20_000 })
    expect((await effects()).filter((id) => id.startsWith('a'))).toEqual(['a1', 'a2'])
    expect(script.inits).toBe(1)
    await eventually(async () => expect(await changesInLog()).toBeGreaterThanOrEqual(3), { timeoutMs: 20_000 })
  }, 60_000)

  it('passes over the types that a handler did not name', async () => {
    await start()
    const key = `${prefix}-t`
    await log.append([ticketReplied({}, { key }), ticketOpened({}, { key })].map((event) => recordOf(event)))
    await eventually(async () => expect(await effects()).toEqual(['ingestion.ticket-opened.v1']), { timeoutMs: 20_000 })
  }, 60_000)

  it("keeps the type of a handler's error, and lets other keys pass", async () => {
    script.fail = (id) => (id === `${prefix}-a1` ? new RangeError('of it') : undefined)
    await start()
    await send('a1', 'b1', 'a2')
    await eventually(async () => expect(await effects()).toEqual(['b1']), { timeoutMs: 20_000 })
    const parked = 'SELECT error_class FROM parked_message WHERE key = $1 ORDER BY id'
    const expected = [{ error_class: 'RangeError' }, { error_class: null }]
    await eventually(async () => expect(await source.query(parked, [`${prefix}-a`])).toEqual(expected), {
      timeoutMs: 20_000,
    })
  }, 60_000)

  it('finishes the chunk under way when it is closed, and goes on after it when started again', async () => {
    const begun = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    script.pause = async (ids) => {
      if (!ids.includes(`${prefix}-a1`)) return
      begun.resolve()
      await go.promise
    }
    const first = await start()
    await send('a1')
    await begun.promise
    const closed = first.close()
    go.resolve()
    await closed
    expect(await effects()).toEqual(['a1'])
    script.pause = undefined
    await send('a2')
    await start()
    await eventually(async () => expect(await effects()).toEqual(['a1', 'a2']), { timeoutMs: 30_000 })
  }, 90_000)

  it('tells its state, stops red on a log that is not its own, and is resumed', async () => {
    await start()
    await send('a1')
    await eventually(async () => expect(await effects()).toEqual(['a1']), { timeoutMs: 20_000 })
    await app?.close()
    await source.query(`UPDATE consumer_progress SET log_id = 'another' WHERE topic = $1`, [topics.usageEvents.name])
    await start()
    await eventually(
      async () => {
        const { body } = await ask('GET', '/v1/operations/status')
        expect(body).toMatchObject({
          service: 'health',
          groups: [{ group: 'health', state: 'stopped', reason: expect.stringContaining('of another log') }],
        })
      },
      { timeoutMs: 20_000 },
    )
    expect((await ask('GET', '/health/ready')).status).toBe(503)
    expect(await ask('POST', '/v1/operations/resume', { at: 'progress' })).toMatchObject({
      status: 200,
      body: { groups: ['health'] },
    })
    await send('a2')
    await eventually(async () => expect(await effects()).toEqual(['a1', 'a2']), { timeoutMs: 30_000 })
    await eventually(async () => expect((await ask('GET', '/health/ready')).status).toBe(200), { timeoutMs: 20_000 })
  }, 120_000)

  /** Which writer each change of this key had, oldest first. */
  const writersOf = async (key: string): Promise<(string | undefined)[]> => {
    const place = { topic: topics.healthChanges.name, partition: partitionOf(topics.healthChanges.name, key) }
    const records = await log.read(place, 0, 1_000)
    return records.filter((record) => record.key === key).map(({ headers }) => headers[HEADER.writer])
  }
  const outboxIs = (state: 'sending' | 'behind', timeoutMs = 30_000) =>
    eventually(
      async () => {
        const { body } = await ask('GET', '/v1/operations/status')
        expect(body).toMatchObject({ outbox: { state }, groups: [{ state: 'running' }] })
      },
      { timeoutMs },
    )
  const has = (...names: string[]) =>
    eventually(async () => expect(await effects()).toEqual(names), { timeoutMs: 30_000 })

  it('restored to a time before that of the log, reads again from there, and sends when it is told to', async () => {
    const key = `${prefix}-a`
    await start()
    await eventually(
      async () => {
        await ask('POST', '/v1/operations/resume', { at: 'progress' }) // the log may have what other tests sent
        await outboxIs('sending', 1_000)
      },
      { timeoutMs: 30_000 },
    )
    await send('a1')
    await has('a1')
    await eventually(async () => expect(await writersOf(key)).toHaveLength(1), { timeoutMs: 20_000 })
    await app?.close()
    await source.destroy()

    const lost = await copyDatabase(database)
    source = await connected(lost.url)
    await start(lost.url)
    await send('a2', 'a3')
    await has('a1', 'a2', 'a3')
    await eventually(async () => expect(await writersOf(key)).toHaveLength(3), { timeoutMs: 20_000 })
    await app?.close()
    await source.destroy()
    await lost.drop()

    source = await connected(database.url)
    await start()
    await has('a1', 'a2', 'a3')
    await outboxIs('behind')
    expect((await ask('GET', '/health/ready')).status).toBe(503)
    const [writer, ...others] = await writersOf(key)
    expect(others).toEqual([writer, writer])
    expect(await ask('POST', '/v1/operations/resume', { at: 'progress' })).toMatchObject({
      status: 200,
      body: { groups: [], outboxGeneration: expect.any(Number) },
    })
    await eventually(async () => expect(await writersOf(key)).toHaveLength(5), { timeoutMs: 20_000 })
    const [raised, again] = (await writersOf(key)).slice(3)
    expect([raised, again]).toEqual([expect.not.stringMatching(`^${writer}$`), raised])
    await outboxIs('sending')
    expect(await effects()).toEqual(['a1', 'a2', 'a3'])
  }, 120_000)

  describe('refuses to start', () => {
    it('with two handlers of one topic', async () => {
      const module = ledgerModule(database.url, underTest.settings, [LedgerHandler, SecondHandler])
      await expect(createEventService(module, { handleSignals: false })).rejects.toThrow(
        'ingestion.usage-events.v1 has more than one handler in this service',
      )
    }, 60_000)
  })
}
