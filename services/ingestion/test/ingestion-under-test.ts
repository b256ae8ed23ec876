import { partitionsOf } from './read-topic.ts'
import { createEventService, EVENT_LOG, type EventLog, type LogRecord } from '@banso/messaging'
import { migrate } from '@banso/platform'
import { createMigratedDatabase, DocumentedAnswers, eventually, type TestDatabase } from '@banso/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import Value from 'typebox/value'
import { DataSource } from 'typeorm'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'
import { zendeskSignature } from '../src/domain/zendesk-signature.ts'
import { CaptureServer } from '../src/serve-capture/capture-server.ts'
import { dataSourceOptions } from '../src/store/data-source.ts'

const NewKey = Type.Object({ id: Type.String(), writeKey: Type.String() })
const Status = Type.Object({ groups: Type.Array(Type.Object({ lag: Type.Union([Type.Integer(), Type.Null()]) })) })
const Fields = Type.Record(Type.String(), Type.Unknown())
const TOKEN = 'token-of-ingestion-in-a-test'
export const MASTER_KEY = randomBytes(32).toString('base64')

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

export interface TestSettings {
  readonly log: Readonly<Record<string, string>>
  readonly requestTimeoutMs?: number
}

/** The whole service on a database of its own, with capture listening, and the log it speaks over. */
export class IngestionUnderTest {
  /** Every answer is checked against the documents. */
  readonly documented = { api: new DocumentedAnswers('ingestion'), capture: new DocumentedAnswers('capture') }

  private constructor(
    private readonly owned: TestDatabase,
    private readonly settings: TestSettings,
    private app: NestFastifyApplication,
    public capture: string,
  ) {}

  static async start(settings: TestSettings): Promise<IngestionUnderTest> {
    const database = await createMigratedDatabase('ingestion', (url) => migrate(dataSourceOptions(url)))
    try {
      const { app, capture } = await boot(database, settings)
      const service = new IngestionUnderTest(database, settings, app, capture)
      await service.#ready()
      return service
    } catch (fault) {
      await database.drop()
      throw fault
    }
  }

  get log(): EventLog {
    return this.app.get<EventLog>(EVENT_LOG)
  }

  get database(): DataSource {
    return this.app.get(DataSource)
  }

  get databaseUrl(): string {
    return this.owned.url
  }

  part<T>(token: abstract new (...args: never[]) => T): T {
    return this.app.get(token)
  }

  /** Asks the service's own API. */
  async api(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: object, token = TOKEN) {
    const response = await this.app.inject({
      method,
      url,
      headers: { authorization: `Bearer ${token}` },
      ...(body && { payload: body }),
    })
    const contentType = response.headers['content-type']
    const answer = {
      status: response.statusCode,
      body: response.body === '' || contentType?.startsWith('text/') ? undefined : response.json<unknown>(),
    }
    this.documented.api.check({ method, url, contentType, ...answer })
    return answer
  }

  async text(url: string): Promise<string> {
    return (await this.app.inject({ url })).body
  }

  /** A source with a write key. */
  async source(name: string, more: { kind?: 'server' | 'browser'; namespace?: string } = {}) {
    const { kind = 'server', ...given } = more
    const made = await this.api('POST', '/v1/sources', { name, ...given })
    assert.equal(made.status, 201)
    return this.key(name, kind)
  }

  async key(source: string, kind: 'server' | 'browser' = 'server') {
    const made = await this.api('POST', `/v1/sources/${source}/keys`, { kind })
    assert.equal(made.status, 201)
    return Value.Parse(NewKey, made.body)
  }

  /** Sends to capture over HTTP, as an SDK does. */
  async send(
    path: string,
    body: string | Uint8Array<ArrayBuffer> | object,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const payload = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const response = await fetch(`${this.capture}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: payload,
    })
    const text = await response.text()
    const contentType = response.headers.get('content-type') ?? undefined
    const parsed: unknown = contentType?.includes('json') ? JSON.parse(text) : text
    const answer = { status: response.status, body: parsed }
    this.documented.capture.check({ method: 'POST', url: path, contentType, ...answer })
    return { ...answer, headers: response.headers }
  }

  batch(writeKey: string, batch: readonly unknown[], more: object = {}): Promise<Answer> {
    return this.send('/v1/batch', { batch, ...more }, { authorization: basic(writeKey) })
  }

  /** Sends a ticket as Zendesk does; bytes as they are. */
  ticket(
    source: string,
    secret: string,
    ticket: object | Uint8Array<ArrayBuffer>,
    more: { id?: string; at?: Date; headers?: object } = {},
  ) {
    const body = ticket instanceof Uint8Array ? ticket : Buffer.from(JSON.stringify(ticket))
    const timestamp = (more.at ?? new Date()).toISOString()
    return this.send(`/v1/webhooks/zendesk/${source}`, body, {
      'x-zendesk-webhook-signature': zendeskSignature(secret, timestamp, Buffer.from(body)),
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-invocation-id': more.id ?? randomBytes(8).toString('hex'),
      ...more.headers,
    })
  }

  /** Of an event that is on its typed topic: the receipt is there before. */
  async receipt(source: string, messageId: string): Promise<Record<string, unknown>> {
    const show = async () => {
      const answer = await this.api('GET', `/v1/sources/${source}/receipts/${encodeURIComponent(messageId)}`)
      assert.equal(answer.status, 200)
      return Value.Parse(Fields, answer.body)
    }
    await eventually(show, { timeoutMs: 20_000 })
    await this.sorted()
    return show()
  }

  /** Resolves when the sorter has passed everything that is in the raw log. */
  async sorted(): Promise<void> {
    const groups = async () => Value.Parse(Status, (await this.api('GET', '/v1/operations/status')).body).groups
    await eventually(async () => assert.ok((await groups()).every(({ lag }) => lag === 0)), { timeoutMs: 20_000 })
  }

  /** Everything on a topic, by partition and offset. */
  async records(topic: string): Promise<LogRecord[]> {
    return partitionsOf(this.log, topic)
  }

  /** With further environment, if need be; `up`: without waiting until it is ready. */
  async restart(environment: Readonly<Record<string, string>> = {}, wanted: 'ready' | 'up' = 'ready'): Promise<void> {
    await this.app.close()
    const { log, ...more } = this.settings
    const { app, capture } = await boot(this.owned, { ...more, log: { ...log, ...environment } })
    this.app = app
    this.capture = capture
    if (wanted === 'ready') await this.#ready()
  }

  async stop(): Promise<void> {
    await this.app.close()
    await this.owned.drop()
  }

  #ready(): Promise<void> {
    return eventually(async () => assert.equal((await this.api('GET', '/health/ready')).status, 200), {
      timeoutMs: 60_000,
    })
  }
}

export const basic = (writeKey: string): string => `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`

const boot = async (database: TestDatabase, { log, requestTimeoutMs }: TestSettings) => {
  const config = loadConfig({
    ...log,
    INGESTION_DATABASE_URL: database.url,
    BANSO_MASTER_KEY: MASTER_KEY,
    BANSO_SERVICE_TOKEN_INGESTION: TOKEN,
    BANSO_LOG_LEVEL: 'error',
  })
  const app = await createEventService(AppModule.forConfig(config), { handleSignals: false })
  const limits = requestTimeoutMs === undefined ? {} : { requestTimeoutMs }
  const capture = await app.get(CaptureServer).listen(0, '127.0.0.1', limits)
  return { app, capture }
}
