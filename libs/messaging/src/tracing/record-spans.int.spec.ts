import { topics, TRACEPARENT_HEADER } from '@banso/contracts'
import { type SpanStart, Tracing } from '@banso/platform'
import {
  createLogDatabase,
  eventually,
  OtlpReceiver,
  productUsed,
  type ReceivedSpan,
  recordOf,
  type TestDatabase,
} from '@banso/testing'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { randomBytes } from 'node:crypto'
import { DataSource } from 'typeorm'
import { ledgerDatabase, LedgerHandler, ledgerModule, script, TOKEN } from '../../test/ledger-service.suite.ts'
import { createEventService } from '../event-service.ts'
import type { EventLog } from '../log/event-log.ts'
import { partitionOf } from '../log/partitioner.ts'
import { EVENT_LOG } from '../open-log.ts'
import type { Timer } from '../timers/timer-handler.ts'
import { Timers } from '../timers/timers.ts'
import { Transactions } from '../work.ts'

const HOUR_MS = 3_600_000

let databases: TestDatabase[] = []
let receiver: OtlpReceiver
let app: NestFastifyApplication
let log: EventLog
let tracing: Tracing

beforeAll(async () => {
  const [own, ofLog] = [await ledgerDatabase(), await createLogDatabase()]
  databases = [own, ofLog]
  receiver = await OtlpReceiver.start()
  const module = ledgerModule(own.url, { databaseUrl: ofLog.url }, [LedgerHandler], undefined, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: 50,
  })
  app = await createEventService(module, { handleSignals: false })
  log = app.get<EventLog>(EVENT_LOG)
  tracing = app.get(Tracing)
  await log.ensureTopics([topics.usageEvents])
}, 90_000)
afterEach(() => void Object.assign(script, { fail: undefined, pause: undefined }))
afterAll(async () => {
  await app?.close()
  await receiver?.close()
  await Promise.all(databases.map((database) => database.drop()))
})

const newTrace = (flags = '01'): string =>
  `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-${flags}`
const idsOf = (traceparent: string | undefined): { traceId?: string; spanId?: string } => {
  const [, traceId, spanId] = (traceparent ?? '').split('-')
  return { ...(traceId && { traceId }), ...(spanId && { spanId }) }
}

/** Appends what somebody did in the product, caused by `traceparent`; `id` of the event. */
const use = (key: string, id: string, traceparent?: string) => {
  const record = recordOf(productUsed({}, { id, key }))
  const headers = { ...record.headers, ...(traceparent && { [TRACEPARENT_HEADER]: traceparent }) }
  return { ...record, headers }
}

/** Causes of what was published about a key, oldest first, once there are so many. */
const publishedCauses = (key: string, count: number): Promise<(string | undefined)[]> =>
  eventually(async () => {
    const topic = topics.healthChanges.name
    const records = await log.read({ topic, partition: partitionOf(topic, key) }, 0, 1_000)
    const ours = records.filter((record) => record.key === key)
    expect(ours).toHaveLength(count)
    return ours.map(({ headers }) => headers[TRACEPARENT_HEADER])
  })

/** The spans of a trace, once there are so many, by name. */
const spansOf = (traceparent: string, count: number): Promise<ReceivedSpan[]> =>
  eventually(
    () => {
      const spans = receiver.spans.filter(({ traceId }) => traceId === idsOf(traceparent).traceId)
      expect(spans).toHaveLength(count)
      return spans.toSorted((a, b) => a.name.localeCompare(b.name))
    },
    { timeoutMs: 15_000 },
  )

describe('the trace of a record', () => {
  it('goes through its handler and the outbox to what is published', async () => {
    const cause = newTrace()
    await log.append([use('a', 'a1', cause)])
    const [published] = await publishedCauses('a', 1)
    const [processed, sent] = await spansOf(cause, 2)
    expect(processed).toMatchObject({
      service: 'health',
      name: 'process ingestion.usage-events.v1',
      parentSpanId: idsOf(cause).spanId,
      attributes: { 'messaging.consumer.group.name': 'health', 'messaging.message.id': 'a1' },
      failed: false,
    })
    expect(idsOf(published)).toEqual({ traceId: processed?.traceId, spanId: processed?.spanId })
    expect(sent).toMatchObject({ name: 'send health.changes.v1', parentSpanId: processed?.spanId })
  })

  it('is passed on, without a span, where it is not kept, and is not begun where there is none', async () => {
    const cause = newTrace('00')
    await log.append([use('b', 'b1', cause), use('c', 'c1')])
    expect(await publishedCauses('b', 1)).toEqual([cause])
    expect(await publishedCauses('c', 1)).toEqual([undefined])
    const later = newTrace()
    await log.append([use('c', 'c2', later)])
    await spansOf(later, 2)
    expect(receiver.spans.filter(({ traceId }) => traceId === idsOf(cause).traceId)).toEqual([])
    expect(receiver.spans.filter(({ attributes }) => attributes['messaging.message.id'] === 'c1')).toEqual([])
  })

  it('is that of the newest record of the key that is kept, and of no other key', async () => {
    const [older, newer, other] = [newTrace(), newTrace(), newTrace()]
    let hold: (() => void) | undefined
    // What is appended while the handler waits comes as one chunk.
    script.pause = (ids) => (ids.includes('d0') ? new Promise((go) => (hold = go)) : Promise.resolve())
    await log.append([use('d', 'd0')])
    await eventually(() => expect(hold).toBeDefined())
    await log.append([
      use('d', 'd1', older),
      use('d', 'd2', newer),
      use('d', 'd3', newTrace('00')),
      use('e', 'e1', other),
    ])
    hold?.()
    const causes = (await publishedCauses('d', 4)).slice(1)
    expect(causes.map((cause) => idsOf(cause).traceId)).toEqual(Array(3).fill(idsOf(newer).traceId))
    expect((await publishedCauses('e', 1)).map((cause) => idsOf(cause).traceId)).toEqual([idsOf(other).traceId])
    await spansOf(older, 1)
  })

  it('tells of a message that is parked, and of its release', async () => {
    const cause = newTrace()
    let broken = true
    script.fail = (id) => (id === 'p1' && broken ? new Error('not now') : undefined)
    await log.append([use('p', 'p1', cause)])
    const tried = () => receiver.spans.filter(({ traceId }) => traceId === idsOf(cause).traceId)
    await eventually(() => expect(tried()).not.toEqual([]))
    expect(tried()[0]).toMatchObject({ failed: true, attributes: { 'error.type': 'parked' } })
    broken = false
    const [published] = await publishedCauses('p', 1)
    await eventually(() => {
      const done = tried().find(({ name, failed }) => name.startsWith('process') && !failed)
      expect(done?.spanId).toBe(idsOf(published).spanId)
    })
  })

  it('is not told again by a rebuild', async () => {
    const cause = newTrace()
    await log.append([use('r', 'r1', cause)])
    await spansOf(cause, 2)
    const before = receiver.spans.length
    const headers = { authorization: `Bearer ${TOKEN}` }
    expect((await app.inject({ method: 'POST', url: '/v1/operations/rebuild', headers })).statusCode).toBe(202)
    const source = app.get(DataSource)
    await eventually(
      async () => {
        const rows = await source.query<unknown[]>(`SELECT FROM consumer_group WHERE state <> 'running'`)
        expect(rows).toEqual([])
      },
      { timeoutMs: 20_000 },
    )
    const marker = newTrace()
    await log.append([use('r', 'r2', marker)])
    await spansOf(marker, 2)
    // The rebuild's own request, and the marker's.
    expect(receiver.spans.slice(before).filter(({ name }) => name.startsWith('process'))).toHaveLength(1)
  })
})

const traceOf = async (id: string): Promise<string | null | undefined> => {
  const rows = await app
    .get(DataSource)
    .query<{ traceparent: string | null }[]>('SELECT traceparent FROM timer WHERE id = $1', [id])
  return rows[0]?.traceparent
}

describe('the trace of a timer', () => {
  const work: SpanStart = { name: 'work', kind: 'internal' }
  const fired: { id: string; active: string | undefined }[] = []
  let again: Date | undefined

  beforeAll(() => {
    app.get(Timers).register({
      kind: 'remind',
      perform: ({ id }: Timer) => Promise.resolve(void fired.push({ id, active: tracing.active })),
      settle: async () => {
        if (!again) return 'fired'
        const at = again
        again = undefined
        return { again: at }
      },
    })
  })

  const set = async (id: string, dueInMs = 0): Promise<string> => {
    const span = tracing.start(work)
    const dueAt = new Date(Date.now() + dueInMs)
    await tracing.within(span, () =>
      app.get(Transactions).run([], async (one) => one.schedule({ id, key: '', kind: 'remind', dueAt, payload: null })),
    )
    span?.end()
    return span?.traceparent ?? ''
  }
  it('is that of what set it, and holds while it fires', async () => {
    const cause = await set('soon')
    const [timer] = await spansOf(cause, 2)
    expect(timer).toMatchObject({
      name: 'timer remind',
      parentSpanId: idsOf(cause).spanId,
      attributes: { 'banso.timer.kind': 'remind', 'banso.timer.outcome': 'fired' },
    })
    const [{ active } = { active: undefined }] = fired.filter(({ id }) => id === 'soon')
    expect(idsOf(active).spanId).toBe(timer?.spanId)
  })

  it('ends with a wait of more than an hour', async () => {
    const near = await set('near', HOUR_MS - 60_000)
    await set('far', HOUR_MS + 60_000)
    expect([await traceOf('near'), await traceOf('far')]).toEqual([near, null])
  })

  it('ends when the timer sets itself anew for more than an hour later, and not before', async () => {
    again = new Date(Date.now() + HOUR_MS / 2)
    const cause = await set('retry')
    await eventually(async () => expect(again).toBeUndefined())
    await eventually(async () => expect(fired.filter(({ id }) => id === 'retry')).toHaveLength(1))
    expect(await traceOf('retry')).toBe(cause)
    again = new Date(Date.now() + 24 * HOUR_MS)
    await set('daily')
    await eventually(async () => expect(await traceOf('daily')).toBeNull())
  })
})
