import { topics } from '@banso/contracts'
import { createEventService, EVENT_LOG, type EventLog } from '@banso/messaging'
import { type Clock, migrate } from '@banso/platform'
import {
  createLogDatabase,
  DocumentedAnswers,
  createMigratedDatabase,
  eventually,
  recordOf,
  type TestDatabase,
  type TestEvent,
} from '@banso/testing'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { randomBytes } from 'node:crypto'
import { AppModule } from '../src/app.module.ts'
import { loadConfig } from '../src/config.ts'
import { dataSourceOptions } from '../src/store/data-source.ts'
import type { RunShown } from '../src/store/run-reads.ts'

const TOKEN = 'a-token-of-the-playbooks-service'

/** As JSON shows it. */
type Shown<T> = T extends Date ? string : T extends object ? { [K in keyof T]: Shown<T[K]> } : T
export type RunAnswer = Shown<RunShown>

/** The fields of answers that specs look at. */
export interface Body {
  readonly code: string
  readonly errors: readonly { readonly pointer: string; readonly message: string }[]
  readonly version: number
  readonly changed: boolean
  readonly document: object
  readonly secret?: string
  readonly items: readonly Item[]
  readonly next: string | null
}

export interface Item {
  readonly id: string
  readonly name: string
  readonly account: { readonly id: string }
}

type Settings = Record<string, string>

export interface Databases {
  readonly own: TestDatabase
  readonly log: TestDatabase
  drop(): Promise<void>
}

export const createDatabases = async (): Promise<Databases> => {
  const own = await createMigratedDatabase('playbooks', (url) => migrate(dataSourceOptions(url)))
  const log = await createLogDatabase()
  return { own, log, drop: async () => void (await Promise.all([own.drop(), log.drop()])) }
}

const CONSUMED = [
  topics.healthChanges,
  topics.journeyProgress,
  topics.tickets,
  topics.scores,
  topics.profiles,
  topics.observations,
]

const masterKey = randomBytes(32).toString('base64')

/** The service as it runs, and what its neighbours do: events on the log, calls of its API. */
export class Service {
  /** Every answer is checked against the service's document. */
  readonly documented = new DocumentedAnswers('playbooks')

  private constructor(
    readonly app: NestFastifyApplication,
    private readonly log: EventLog,
  ) {}

  static async start({ own, log }: Databases, settings: Settings = {}, clock?: Clock): Promise<Service> {
    const config = loadConfig({
      PLAYBOOKS_DATABASE_URL: own.url,
      BANSO_LOG_DATABASE_URL: log.url,
      BANSO_SERVICE_TOKEN_PLAYBOOKS: TOKEN,
      BANSO_MASTER_KEY: masterKey,
      BANSO_ALLOW_PRIVATE_TARGETS: 'true',
      BANSO_ENV: 'development',
      BANSO_LOG_LEVEL: 'silent',
      ...settings,
    })
    const app = await createEventService(AppModule.forConfig(config, clock), { handleSignals: false })
    const eventLog = app.get<EventLog>(EVENT_LOG)
    await eventLog.ensureTopics(CONSUMED)
    return new Service(app, eventLog)
  }

  async publish(...events: readonly TestEvent[]): Promise<void> {
    await this.log.append(events.map((event) => recordOf(event)))
  }

  async call(method: 'GET' | 'PUT' | 'POST', url: string, payload?: object): Promise<{ status: number; body: Body }> {
    const { status, body } = await this.#ask(method, url, payload)
    return { status, body: body as Body }
  }

  /** What an answer holds; its shape is checked against the service's document. */
  async read<T>(path: string): Promise<T> {
    return (await this.#ask('GET', path)).body as T
  }

  /** The items of all pages of a list. */
  async all(path: string): Promise<Item[]> {
    const items: Item[] = []
    let cursor = ''
    for (;;) {
      const { body } = await this.call('GET', path + cursor)
      items.push(...body.items)
      if (body.next === null) return items
      cursor = `${path.includes('?') ? '&' : '?'}cursor=${body.next}`
    }
  }

  /** A playbook that calls `url` when an account turns red; gives the webhook secret of a new one. */
  async put(url: string, document: object = {}, name = 'turned-red'): Promise<string> {
    const { body } = await this.call('PUT', `/v1/playbooks/${name}`, {
      trigger: { on: 'band-changed', to: ['red'] },
      action: { kind: 'webhook', url },
      ...document,
    })
    return body.secret ?? ''
  }

  async rotate(name: string): Promise<string> {
    const { body } = await this.call('POST', `/v1/playbooks/${name}/secret/rotate`)
    return body.secret ?? ''
  }

  async runsOf(accountId: string): Promise<RunAnswer[]> {
    const runs = await this.all(`/v1/runs?account=${accountId}`)
    return Promise.all(runs.map(({ id }) => this.read<RunAnswer>(`/v1/runs/${id}`)))
  }

  /** The account's newest run, once it is in this state. */
  runIn(state: string, accountId: string): Promise<RunAnswer> {
    return eventually(async () => {
      const [run] = await this.runsOf(accountId)
      if (run?.state === state) return run
      throw new Error(`the newest run is ${run?.state ?? 'not there'} (${run?.reason}), not ${state}`)
    })
  }

  async metrics(): Promise<string> {
    return (await this.app.inject('/metrics')).body
  }

  close(): Promise<void> {
    return this.app.close()
  }

  async #ask(
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    payload?: object,
  ): Promise<{ status: number; body: unknown }> {
    const headers = { authorization: `Bearer ${TOKEN}` }
    const answer = await this.app.inject({ method, url, headers, ...(payload && { payload }) })
    const contentType = answer.headers['content-type']
    const body = contentType?.startsWith('text/') ? answer.body : answer.json<unknown>()
    const status = answer.statusCode
    this.documented.check({ method, url, status, contentType, body })
    return { status, body }
  }
}
