// One service without the others, with the log that it reads and the database that it owns at hand.
import type { TopicDeclaration } from '@banso/contracts'
import type { EventLog } from '@banso/messaging'
import pg from 'pg'
import { temporaryHome } from '../drive/temporary-home.ts'
import { portsFrom } from '../local/ports.ts'
import type { Service } from '../local/secrets.ts'
import { type RunningSystem, startSystem } from '../local/system.ts'
import { openLog } from './open-log.ts'

export interface OneServiceOptions {
  readonly kafka: boolean
  readonly portBase: number
  readonly say: (line: string) => void
}

export interface OneService {
  readonly system: RunningSystem
  readonly log: EventLog
  readonly database: pg.Client
  close(): Promise<void>
}

/** Everything that was begun is stopped again when it fails. */
export const startOneService = async (
  service: Service,
  { kafka, portBase, say }: OneServiceOptions,
  given: { readonly env?: Readonly<Record<string, string>>; readonly topics: readonly TopicDeclaration[] },
): Promise<OneService> => {
  const begun = new AsyncDisposableStack()
  try {
    const home = begun.adopt(temporaryHome(service), async (one) => one.remove())
    const started = startSystem({
      home: home.path,
      ports: portsFrom(portBase),
      kafka: { kind: kafka ? 'start' : 'none' },
      only: [service],
      env: { BANSO_TIMEZONE: 'UTC', ...given.env },
      say,
    })
    const system = begun.adopt(await started, (one) => one.stop())
    const { brokers, databaseUrls } = system
    const log = begun.adopt(openLog(brokers, databaseUrls.log), (one) => one.close())
    const database = begun.adopt(new pg.Client(databaseUrls[service]), (one) => one.end())
    await database.connect()
    await log.ensureTopics(given.topics)
    return { system, log, database, close: () => begun.disposeAsync() }
  } catch (fault) {
    await begun.disposeAsync()
    throw fault
  }
}
