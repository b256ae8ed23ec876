import type { TopicName } from '@banso/contracts'
import { createEventService, EVENT_LOG, type EventLog, type LogRecord, partitionOf } from '@banso/messaging'
import type { DynamicModule } from '@nestjs/common'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { createDatabase, type TestDatabase } from './database.ts'
import { recordOf, type TestEvent } from './events.ts'
import { DocumentedAnswers } from './documented-answers.ts'
import { eventually } from './eventually.ts'
import { ManualClock } from './manual-clock.ts'

type Settings = Readonly<Record<string, string>>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** What differs from service to service. */
export interface ServiceParts {
  /** As in the names of its environment variables. */
  readonly service: string
  /** What its tests read: the topic that it writes. */
  readonly publishes: TopicName
  /** Its module, of these environment variables. */
  readonly module: (environment: Settings, clock: ManualClock) => DynamicModule
}

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** What was published, and what its value says. */
export interface Published extends LogRecord {
  readonly type: string | undefined
  readonly data: unknown
}

/** A whole service on a database of its own, with a clock that stands still, and the log it speaks over. */
export class ServiceUnderTest {
  readonly clock: ManualClock
  /** Every answer is checked against the service's document. */
  readonly documented: DocumentedAnswers
  readonly #parts: ServiceParts
  readonly #database: TestDatabase
  readonly #settings: Settings
  readonly #token: string
  readonly #spokenOf = new Set<string>()
  #app: NestFastifyApplication | undefined

  private constructor(parts: ServiceParts, database: TestDatabase, settings: Settings, now: string) {
    this.clock = new ManualClock(now)
    this.#parts = parts
    this.#database = database
    this.#settings = settings
    this.documented = new DocumentedAnswers(parts.service)
    this.#token = `token-of-${parts.service}-in-a-test`
  }

  /** `settings` name the log; `now` is what the clock shows, ISO 8601. */
  static async start(
    parts: ServiceParts,
    settings: Settings,
    now: string = new Date().toISOString(),
  ): Promise<ServiceUnderTest> {
    const started = new ServiceUnderTest(parts, await createDatabase(), settings, now)
    try {
      await started.#boot()
      return started
    } catch (fault) {
      await started.stop()
      throw fault
    }
  }

  get log(): EventLog {
    return this.#running.get<EventLog>(EVENT_LOG)
  }

  /** On a shared broker other services' tests speak of accounts, too. */
  isOurs({ accountId }: { readonly accountId: string }): boolean {
    return this.#spokenOf.has(accountId)
  }

  say(...events: readonly TestEvent[]): Promise<void> {
    for (const { key } of events) this.#spokenOf.add(key)
    return this.log.append(events.map((event) => recordOf(event)))
  }

  get(url: string, token: string | null = this.#token): Promise<Answer> {
    return this.#ask('GET', url, token)
  }

  send(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<Answer> {
    return this.#ask(method, url, this.#token, body)
  }

  /** What it shows to Prometheus. */
  async metrics(): Promise<string> {
    return (await this.#running.inject('/metrics')).body
  }

  /** What was published of an account, oldest first. */
  async published(accountId: string, topic = this.#parts.publishes): Promise<Published[]> {
    const records = await this.log.read({ topic, partition: partitionOf(topic, accountId) }, 0, 1_000)
    return records
      .filter(({ key }) => key === accountId)
      .map((record) => {
        const data: unknown = JSON.parse(record.value.toString())
        return { ...record, type: record.headers['ce_type'], data }
      })
  }

  /** Stops it, lets `meanwhile` happen, and starts it again, with other settings if need be. */
  async restart(meanwhile: () => void = () => {}, settings: Settings = {}): Promise<void> {
    await this.#close()
    meanwhile()
    await this.#boot(settings)
  }

  async stop(): Promise<void> {
    await this.#close()
    await this.#database.drop()
  }

  get #running(): NestFastifyApplication {
    if (!this.#app) throw new Error('the service is not running')
    return this.#app
  }

  async #close(): Promise<void> {
    await this.#app?.close()
    this.#app = undefined
  }

  async #boot(settings: Settings = {}): Promise<void> {
    const prefix = this.#parts.service.toUpperCase()
    const environment = {
      ...this.#settings,
      [`${prefix}_DATABASE_URL`]: this.#database.url,
      [`${prefix}_PORT`]: '0',
      [`BANSO_SERVICE_TOKEN_${prefix}`]: this.#token,
      BANSO_LOG_LEVEL: 'warn',
      ...settings,
    }
    this.#app = await createEventService(this.#parts.module(environment, this.clock), { handleSignals: false })
    await eventually(
      async () => {
        const { status, body } = await this.get('/health/ready')
        if (status !== 200) throw new Error(JSON.stringify(body))
      },
      { timeoutMs: 60_000 },
    )
  }

  async #ask(method: Method, url: string, token: string | null, body?: object): Promise<Answer> {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await this.#running.inject({ method, url, headers, ...(body && { payload: body }) })
    const contentType = response.headers['content-type']
    const answer = {
      status: response.statusCode,
      body: contentType?.startsWith('text/plain') ? response.body : response.json<unknown>(),
    }
    this.documented.check({ method, url, contentType, ...answer })
    return answer
  }
}
