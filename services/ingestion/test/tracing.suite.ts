import { topics, TRACEPARENT_HEADER } from '@banso/contracts'
import { createLogDatabase, eventually, OtlpReceiver, type ReceivedSpan, type TestDatabase } from '@banso/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { gzipSync } from 'node:zlib'
import { basic, IngestionUnderTest } from './ingestion-under-test.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const CALLER = 'b7ad6b7169203331'
const traceparent = `00-${TRACE}-${CALLER}-01`

let log: TestDatabase
let receiver: OtlpReceiver
let ingestion: IngestionUnderTest

const start = async (settings: Record<string, string>): Promise<void> => {
  const traced = {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_BSP_SCHEDULE_DELAY: '50',
  }
  ingestion = await IngestionUnderTest.start({ log: { BANSO_LOG_DATABASE_URL: log.url, ...traced, ...settings } })
}

/** A packed batch of one call, whose body is read in pieces. */
const track = async (messageId: string, context: object = { groupId: 'acme' }): Promise<void> => {
  const { writeKey } = await ingestion.source('product')
  const batch = [{ type: 'track', messageId, userId: 'hanako', event: 'Signed In', context }]
  const headers = { authorization: basic(writeKey), 'content-encoding': 'gzip', traceparent }
  const answer = await ingestion.send('/v1/batch', new Uint8Array(gzipSync(JSON.stringify({ batch }))), headers)
  expect(answer.status).toBe(200)
  await ingestion.receipt('product', messageId)
}

const causesOn = async (topic: string): Promise<(string | undefined)[]> =>
  (await ingestion.records(topic)).map(({ headers }) => headers[TRACEPARENT_HEADER])

const spansNamed = (...names: string[]): Promise<(ReceivedSpan | undefined)[]> =>
  eventually(() => {
    const found = names.map((wanted) => receiver.spans.findLast(({ name }) => name === wanted))
    expect(found).not.toContain(undefined)
    return found
  })

export const describeTracing = (): void => {
  describe('the trace of a request to capture', () => {
    beforeAll(async () => {
      receiver = await OtlpReceiver.start()
    })
    beforeEach(async () => {
      log = await createLogDatabase()
    })
    afterEach(async () => {
      await ingestion?.stop()
      await log?.drop()
    })
    afterAll(() => receiver?.close())

    it('is one of its own, linked to that of the caller, and goes through the raw log to the typed topics', async () => {
      await start({})
      await track('m-1')
      const [request, sorted] = await spansNamed('POST /v1/:call', 'process ingestion.received.v1')
      expect(request).toMatchObject({ service: 'ingestion', parentSpanId: '', linkedTraces: [TRACE] })
      expect(sorted).toMatchObject({
        traceId: request?.traceId,
        parentSpanId: request?.spanId,
        attributes: { 'messaging.consumer.group.name': 'ingestion-sorter' },
      })
      // The sorter passes on what it read: sorted again, the record must be the same.
      const cause = `00-${request?.traceId}-${request?.spanId}-01`
      expect(await causesOn(topics.received.name)).toEqual([cause])
      expect(await causesOn(topics.usageEvents.name)).toEqual([cause])
      expect(JSON.stringify(receiver.spans)).not.toMatch(/hanako|acme|Signed In/)
    })

    it("is the caller's where that is asked for", async () => {
      await start({ INGESTION_CONTINUE_TRACES: 'true' })
      await track('m-1')
      expect(await causesOn(topics.usageEvents.name)).toEqual([expect.stringMatching(`^00-${TRACE}-[0-9a-f]{16}-01$`)])
    })

    it('does not come back with what is given back from quarantine: that is caused by who gives it back', async () => {
      await start({ INGESTION_CONTINUE_TRACES: 'true' })
      await track('m-1', {})
      expect((await ingestion.api('POST', '/v1/quarantine/redrive', { all: true })).status).toBeLessThan(300)
      await eventually(async () => expect(await causesOn(topics.received.name)).toHaveLength(2))
      const [given] = await spansNamed('POST /v1/quarantine/redrive')
      const causes = await causesOn(topics.received.name)
      expect(new Set(causes.map((cause) => cause?.split('-')[1]))).toEqual(new Set([TRACE, given?.traceId]))
      expect(given?.traceId).not.toBe(TRACE)
    })
  })
}
