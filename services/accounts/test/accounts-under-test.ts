import { topics } from '@banso/contracts'
import { createEventService, EVENT_LOG, type EventLog, type LogRecord, partitionOf } from '@banso/messaging'
import { createDatabase, eventually, recordOf, type TestDatabase, type TestEvent } from '@banso/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'

const TOKEN = 'token-of-accounts-in-a-test'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

/** The whole service on a database of its own, and the log it speaks over. */
export class AccountsUnderTest {
  private constructor(
    private readonly database: TestDatabase,
    private readonly logSettings: Readonly<Record<string, string>>,
    private app: NestFastifyApplication,
  ) {}

  static async start(logSettings: Readonly<Record<string, string>>): Promise<AccountsUnderTest> {
    const database = await createDatabase()
    try {
      const accounts = new AccountsUnderTest(database, logSettings, await boot(database, logSettings))
      await accounts.ready()
      return accounts
    } catch (fault) {
      await database.drop()
      throw fault
    }
  }

  get log(): EventLog {
    return this.app.get<EventLog>(EVENT_LOG)
  }

  say(...events: readonly TestEvent[]): Promise<void> {
    return this.log.append(events.map((event) => recordOf(event)))
  }

  async get(url: string, token: string | null = TOKEN): Promise<Answer> {
    return this.#ask('GET', url, token)
  }

  async post(url: string): Promise<Answer> {
    return this.#ask('POST', url, TOKEN)
  }

  /** What was published of an account, oldest first. */
  async published(accountId: string): Promise<LogRecord[]> {
    const partition = { topic: topics.profiles.name, partition: partitionOf(topics.profiles.name, accountId) }
    const records = await this.log.read(partition, 0, 1000)
    return records.filter(({ key }) => key === accountId)
  }

  async restart(): Promise<void> {
    await this.app.close()
    this.app = await boot(this.database, this.logSettings)
    await this.ready()
  }

  /** The topics are there and all partitions are consumed. */
  private ready(): Promise<void> {
    const check = async (): Promise<void> => {
      const { status, body } = await this.get('/health/ready')
      if (status !== 200) throw new Error(JSON.stringify(body))
    }
    return eventually(check, { timeoutMs: 60_000 })
  }

  async stop(): Promise<void> {
    await this.app.close()
    await this.database.drop()
  }

  async #ask(method: 'GET' | 'POST', url: string, token: string | null): Promise<Answer> {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await this.app.inject({ method, url, headers })
    return { status: response.statusCode, body: response.json<unknown>() }
  }
}

const boot = async (
  database: TestDatabase,
  logSettings: Readonly<Record<string, string>>,
): Promise<NestFastifyApplication> => {
  const config = loadConfig({
    ...logSettings,
    ACCOUNTS_DATABASE_URL: database.url,
    ACCOUNTS_PORT: '0',
    BANSO_SERVICE_TOKEN_ACCOUNTS: TOKEN,
    BANSO_LOG_LEVEL: 'warn',
  })
  return createEventService(AppModule.forConfig(config), { handleSignals: false })
}
