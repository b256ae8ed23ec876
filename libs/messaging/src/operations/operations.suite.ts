import { topics } from '@banso/contracts'
import { createLogDatabase, eventually, productUsed, recordOf, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { DataSource } from 'typeorm'
import { ledgerDatabase, LedgerHandler, ledgerModule, script, TOKEN } from '../../test/ledger-service.suite.ts'
import { createEventService } from '../event-service.ts'
import { EmbeddedEventLog } from '../log/embedded/embedded-event-log.ts'
import type { EventLog } from '../log/event-log.ts'
import { EVENT_LOG } from '../open-log.ts'
import { resumeGroup } from './resume-group.ts'

let databases: TestDatabase[] = []
let app: NestFastifyApplication
let source: DataSource
let ofLog: DataSource
let log: EventLog

const ask = async (method: 'GET' | 'POST', path: string, payload?: object, token = TOKEN) => {
  const headers = { authorization: `Bearer ${token}` }
  const answer = await app.inject({ method, url: `/v1/operations/${path}`, headers, ...(payload && { payload }) })
  return { status: answer.statusCode, body: answer.json<unknown>() }
}
const send = (...ids: string[]): Promise<void> =>
  log.append(ids.map((id) => recordOf(productUsed({}, { id, key: id.slice(0, 1) }))))
const effects = async (): Promise<string[]> =>
  (await source.query<{ id: string }[]>('SELECT id FROM effect ORDER BY n')).map(({ id }) => id)
const deadLetters = async (): Promise<{ id: string; eventId: string }[]> => {
  const { body } = await ask('GET', 'dead?limit=1')
  return (body as { items: { id: string; eventId: string }[] }).items
}

export const describeOperations = (): void => {
  describe('the operations of a service', () => {
    beforeAll(async () => {
      const [own, logs] = [await ledgerDatabase(), await createLogDatabase()]
      databases = [own, logs]
      ofLog = await new DataSource({ type: 'postgres', url: logs.url }).initialize()
      source = await new DataSource({ type: 'postgres', url: own.url }).initialize()
      Object.assign(script, { fail: undefined, pause: undefined })
      app = await createEventService(ledgerModule(own.url, { databaseUrl: logs.url }, [LedgerHandler]), {
        handleSignals: false,
      })
      log = app.get<EventLog>(EVENT_LOG)
      await log.ensureTopics([topics.usageEvents])
    })
    afterAll(async () => {
      await app.close()
      await Promise.all([source.destroy(), ofLog.destroy()])
      await Promise.all(databases.map((database) => database.drop()))
    })

    it('want its token', async () => {
      expect((await ask('GET', 'status', undefined, 'another')).status).toBe(401)
    })

    it('tell where each group stands, and what waits to be sent', async () => {
      await send('a1', 'b1')
      await eventually(async () => expect(await effects()).toHaveLength(2))
      await eventually(async () => {
        const { body } = await ask('GET', 'status')
        expect(body).toMatchObject({
          service: 'health',
          groups: [{ group: 'health', state: 'running', reason: null, lag: 0, parked: 0, dead: 0, fenceDrops: {} }],
          outbox: { state: 'sending', reason: null, rows: 0, oldestSeconds: 0 },
        })
      })
      await eventually(async () => {
        const { body } = await ask('GET', 'status')
        const [group] = (body as { groups: { partitions: { next: number; end: number; lag: number }[] }[] }).groups
        expect(group?.partitions).toHaveLength(16)
        expect(group?.partitions.reduce((sum, { next }) => sum + next, 0)).toBe(2)
      })
    })

    it('check up on the database and the log, and say where a topic is not as declared', async () => {
      const { status, body } = await ask('GET', 'checkup')
      expect(status).toBe(200)
      expect(body).toMatchObject({
        service: 'health',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        now: expect.stringMatching(/^\d{4}-.*Z$/),
        database: { superuser: true, mayCreate: true, migrations: { pending: [], unknown: [] } },
        log: { kind: 'embedded', id: await log.id(), topics: [] },
      })
      const declared = topics.scores.partitions
      await ofLog.query('UPDATE topic SET partitions = 3 WHERE name = $1', [topics.scores.name])
      expect(await ask('GET', 'checkup')).toMatchObject({
        body: {
          log: { topics: [{ topic: topics.scores.name, differences: [`partitions is 3, declared is ${declared}`] }] },
        },
      })
      await ofLog.query('UPDATE topic SET partitions = $2 WHERE name = $1', [topics.scores.name, declared])
    })

    it('count what a writer sent twice', async () => {
      const twice = recordOf(productUsed({}, { id: 'c1', key: 'c' }), { writer: 'received/x/0', sequence: 1 })
      await log.append([twice, twice])
      await eventually(async () =>
        expect(await ask('GET', 'status')).toMatchObject({ body: { groups: [{ fenceDrops: { received: 1 } }] } }),
      )
      const metrics = await app.inject('/metrics')
      expect(metrics.body).toMatch(/banso_fence_drops_total\{[^}]*writer="received"[^}]*\} 1/)
      expect(metrics.body).toMatch(/banso_group_stopped\{group="health"[^}]*\} 0/)
      expect(metrics.body).toMatch(/banso_consumer_lag_records\{[^}]*topic="ingestion.usage-events.v1"[^}]*\} 0/)
    })

    it('show what is dead, page by page, and replay it', async () => {
      const [first, second] = ['d1', 'e1'].map((id) => recordOf(productUsed({}, { id, key: id.slice(0, 1) })))
      if (!first || !second) throw new Error('two were made')
      await log.append([{ ...first, value: Buffer.from('{') }])
      await eventually(async () => expect(await deadLetters()).toMatchObject([{ eventId: 'd1' }]))
      await log.append([{ ...second, value: Buffer.from('{}') }])
      await eventually(async () =>
        expect(await ask('GET', 'status')).toMatchObject({ body: { groups: [{ dead: 2 }] } }),
      )
      expect((await app.inject('/metrics')).body).toMatch(/banso_messages_aside\{[^}]*state="dead"[^}]*\} 2/)
      const page = await ask('GET', 'dead?limit=1')
      const { next } = page.body as { next: string }
      expect(await ask('GET', `dead?limit=1&cursor=${next}`)).toMatchObject({
        status: 200,
        body: { items: [{ eventId: 'e1', key: 'e', reason: 'the data does not fit its schema' }], next: null },
      })
      const [letter] = await deadLetters()
      expect(await ask('POST', 'dead/replay', { ids: [letter?.id] })).toEqual({
        status: 200,
        body: { counted: 1, replayed: 1 },
      })
      // It is as broken as before, and dead again.
      await eventually(async () =>
        expect(await ask('GET', 'status')).toMatchObject({ body: { groups: [{ dead: 2, parked: 0 }] } }),
      )
      expect(await ask('POST', 'dead/replay', { all: true, max: 5 })).toMatchObject({
        body: { counted: 2, replayed: 2 },
      })
    })

    it('rebuild derived state from the log', async () => {
      await eventually(async () =>
        expect(await ask('GET', 'status')).toMatchObject({ body: { groups: [{ parked: 0, lag: 0 }] } }),
      )
      await source.query(`INSERT INTO effect (key, id) VALUES ('x', 'left over')`)
      expect(await ask('POST', 'rebuild')).toEqual({ status: 202, body: { state: 'rebuilding' } })
      await eventually(
        async () =>
          expect(await ask('GET', 'status')).toMatchObject({ body: { groups: [{ state: 'running', lag: 0 }] } }),
        { timeoutMs: 20_000 },
      )
      expect((await effects()).toSorted((a, b) => a.localeCompare(b))).toEqual(['a1', 'b1', 'c1'])
      await eventually(async () =>
        expect((await log.positions(topics.scores.name)).reduce((sum, { end }) => sum + end, 0)).toBe(1),
      )
    }, 40_000)

    it('ask no log about a group that is not stopped', async () => {
      const away = new EmbeddedEventLog({ url: 'postgres://127.0.0.1:1/away' })
      expect(await resumeGroup(source, away, 'health', 'start')).toBe(false)
      await away.close()
    })

    it.each([
      ['resume', { at: 'progress' }, 409, 'NOT_STOPPED'],
      ['resume', { at: 'yesterday' }, 400, 'VALIDATION_FAILED'],
      ['dead/replay', {}, 400, 'VALIDATION_FAILED'],
      ['dead/replay', { ids: [] }, 400, 'VALIDATION_FAILED'],
      ['dead/replay', { ids: ['1; DROP'] }, 400, 'VALIDATION_FAILED'],
      ['dead/replay', { ids: ['1'], all: true }, 400, 'PICK_AMBIGUOUS'],
      ['dead/replay', { all: true, max: 0 }, 400, 'VALIDATION_FAILED'],
    ])('refuse POST %s %j', async (path, payload, status, code) => {
      expect(await ask('POST', path, payload)).toMatchObject({ status, body: { code } })
    })
  })
}
