import { type TopicName, topics } from '@banso/contracts'
import { createEventService, EVENT_LOG, type EventLog, partitionOf } from '@banso/messaging'
import { createDatabase, eventually, ManualClock, recordOf, type TestDatabase, type TestEvent } from '@banso/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'

const TOKEN = 'token-of-journeys-in-a-test'
type Settings = Readonly<Record<string, string>>
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** What was published: its type, headers and data. */
export interface Published {
  readonly type: string | undefined
  readonly data: unknown
  readonly headers: Readonly<Record<string, string>>
}

/** The whole service on a database of its own, with a clock that stands still, and the log it speaks over. */
export class JourneysUnderTest {
  readonly #spokenOf = new Set<string>()
  readonly clock: ManualClock

  private constructor(
    private readonly database: TestDatabase,
    private readonly settings: Settings,
    now: string,
  ) {
    this.clock = new ManualClock(now)
  }

  private app: NestFastifyApplication | undefined

  static async start(settings: Settings, now: string): Promise<JourneysUnderTest> {
    const journeys = new JourneysUnderTest(await createDatabase(), settings, now)
    try {
      await journeys.boot()
      return journeys
    } catch (fault) {
      await journeys.stop()
      throw fault
    }
  }

  get log(): EventLog {
    if (!this.app) throw new Error('the service is not running')
    return this.app.get<EventLog>(EVENT_LOG)
  }

  /** On a shared broker other services' tests speak of accounts, too. */
  isOurs({ accountId }: { readonly accountId: string }): boolean {
    return this.#spokenOf.has(accountId)
  }

  say(...events: readonly TestEvent[]): Promise<void> {
    for (const { key } of events) this.#spokenOf.add(key)
    return this.log.append(events.map((event) => recordOf(event)))
  }

  get(url: string, token: string | null = TOKEN): Promise<Answer> {
    return this.ask('GET', url, token)
  }

  send(method: 'POST' | 'PUT' | 'DELETE', url: string, body?: object): Promise<Answer> {
    return this.ask(method, url, TOKEN, body)
  }

  /** What was published of an account on a topic, oldest first. */
  async published(accountId: string, topic: TopicName = topics.journeyProgress.name): Promise<Published[]> {
    const records = await this.log.read({ topic, partition: partitionOf(topic, accountId) }, 0, 1_000)
    return records
      .filter(({ key }) => key === accountId)
      .map(({ headers, value }) => {
        const data: unknown = JSON.parse(value.toString())
        return { type: headers['ce_type'], data, headers }
      })
  }

  /** Stops it, lets `meanwhile` happen, and starts it again, with other settings if need be. */
  async restart(meanwhile: () => void = () => {}, settings: Settings = {}): Promise<void> {
    await this.close()
    meanwhile()
    await this.boot(settings)
  }

  async stop(): Promise<void> {
    await this.close()
    await this.database.drop()
  }

  private async close(): Promise<void> {
    await this.app?.close()
    this.app = undefined
  }

  private async boot(settings: Settings = {}): Promise<void> {
    const config = loadConfig({
      ...this.settings,
      JOURNEYS_DATABASE_URL: this.database.url,
      JOURNEYS_PORT: '0',
      BANSO_SERVICE_TOKEN_JOURNEYS: TOKEN,
      BANSO_LOG_LEVEL: 'warn',
      ...settings,
    })
    this.app = await createEventService(AppModule.forConfig(config, this.clock), { handleSignals: false })
    await eventually(
      async () => {
        const { status, body } = await this.get('/health/ready')
        if (status !== 200) throw new Error(JSON.stringify(body))
      },
      { timeoutMs: 60_000 },
    )
  }

  private async ask(method: Method, url: string, token: string | null, body?: object): Promise<Answer> {
    if (!this.app) throw new Error('the service is not running')
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await this.app.inject({ method, url, headers, ...(body && { payload: body }) })
    return { status: response.statusCode, body: response.json<unknown>() }
  }
}
