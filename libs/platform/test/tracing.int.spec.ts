import { createDatabase, OtlpReceiver, type TestDatabase } from '@banso/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { authorized, type Sample, startSample } from './sample-app.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${TRACE}-b7ad6b7169203331-01`
const account = { name: 'Acme', seats: 3, contacts: [{ email: 'a@example.com' }] }

let database: TestDatabase
let receiver: OtlpReceiver

beforeAll(async () => {
  database = await createDatabase()
  receiver = await OtlpReceiver.start()
})
afterAll(async () => {
  await receiver?.close()
  await database?.drop()
})

/** Real requests: what is injected has no connection whose context could be lost. */
const ask = async ({ app }: Sample, method: string, path: string, body?: object): Promise<string> => {
  const headers = { ...authorized, traceparent, ...(body && { 'content-type': 'application/json' }) }
  const answer = await fetch(`${await app.getUrl()}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  return answer.text()
}

describe('a service', () => {
  it('has a span for each request by route, runs the handler within it, and sends all of them before it ends', async () => {
    const sample = await startSample(database.url, {
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    })
    const answers: string[] = []
    try {
      answers.push(await ask(sample, 'GET', '/v1/active'), await ask(sample, 'POST', '/v1/accounts', account))
      await ask(sample, 'GET', '/v1/accounts/crash')
      for (const path of ['/metrics', '/health/live', '/no/such/route']) await ask(sample, 'GET', path)
    } finally {
      await sample.app.close()
    }
    expect(receiver.spans).toMatchObject([
      { service: 'sample', traceId: TRACE, parentSpanId: 'b7ad6b7169203331', name: 'GET /v1/active', failed: false },
      { traceId: TRACE, name: 'POST /v1/accounts', attributes: { 'http.response.status_code': 201 } },
      {
        traceId: TRACE,
        name: 'GET /v1/accounts/:id',
        failed: true,
        attributes: { 'http.route': '/v1/accounts/:id', 'error.type': '500' },
      },
    ])
    expect(receiver.spans).toHaveLength(3)
    for (const [at, answer] of answers.entries())
      expect(answer).toContain(`00-${TRACE}-${receiver.spans[at]?.spanId}-01`)
    expect(JSON.stringify(receiver.spans)).not.toMatch(/crash|Acme|example\.com/)
  })

  it('knows of none while tracing is off', async () => {
    const sample = await startSample(database.url)
    try {
      expect(await ask(sample, 'GET', '/v1/active')).toBe('{}')
    } finally {
      await sample.app.close()
    }
  })
})
