import { topicList } from '@banso/contracts'
import {
  type Clock,
  type DatabaseFacts,
  faultForLog,
  inspectDatabase,
  inspectMigrations,
  type MigrationFacts,
} from '@banso/platform'
import type { DataSource } from 'typeorm'
import { codeVersion } from '../code-version.ts'
import type { EventLog, LogFacts } from '../log/event-log.ts'

/** Why a store could not be asked. */
export interface Unanswered {
  readonly fault: string
}

/** What a service finds of its own stores; what does not answer is told, and holds up nothing. */
export interface Checkup {
  readonly service: string
  /** Of the code that runs. */
  readonly version: string
  /** What the service takes for the present time, ISO 8601. */
  readonly now: string
  readonly database: (DatabaseFacts & { readonly migrations: MigrationFacts }) | Unanswered
  /** Of the topics, those that this service writes. */
  readonly log: LogFacts | Unanswered
}

export interface CheckupParts {
  readonly service: string
  readonly dataSource: DataSource
  readonly log: Pick<EventLog, 'inspect'>
  readonly clock: Clock
}

/** A store that is away does not hold up the answer. Milliseconds. */
const PATIENCE_MS = 10_000

export const checkUp = async ({ service, dataSource, log, clock }: CheckupParts): Promise<Checkup> => {
  const owned = topicList.filter(({ owner }) => owner === service)
  const [database, ofLog] = await Promise.all([
    answered(databaseOf(dataSource, () => clock.now())),
    answered(log.inspect(owned)),
  ])
  return { service, version: codeVersion(), now: clock.now().toISOString(), database, log: ofLog }
}

const databaseOf = async (source: DataSource, now: () => Date) => {
  const facts = await inspectDatabase((sql) => source.query(sql), now)
  return { ...facts, migrations: await inspectMigrations(source) }
}

const answered = async <T>(asking: Promise<T>): Promise<T | Unanswered> => {
  const late = Promise.withResolvers<Unanswered>()
  const fault = `no answer within ${PATIENCE_MS / 1000} s`
  const timer = setTimeout(() => late.resolve({ fault }), PATIENCE_MS)
  try {
    return await Promise.race([asking.catch((thrown: unknown) => ({ fault: inWords(thrown) })), late.promise])
  } finally {
    clearTimeout(timer)
  }
}

const inWords = (thrown: unknown): string => {
  const { code, message, type } = faultForLog(thrown)
  return [code, message || type].filter((part) => part !== undefined).join(': ')
}
