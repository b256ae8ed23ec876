import type { ServiceName } from '@banso/contracts'
import type { Clock, Logger, Readiness, Tracing } from '@banso/platform'
import type { Registry } from 'prom-client'
import type { DataSource } from 'typeorm'
import { codeVersion } from './code-version.ts'
import { endProcess } from './end-process.ts'
import type { EventLog } from './log/event-log.ts'
import { openLog } from './open-log.ts'
import { Operations } from './operations/operations.ts'
import type { WorkContext } from './outbox/buffered-work.ts'
import { DatabaseTransactions } from './outbox/database-transactions.ts'
import { OutboxRelay } from './outbox/outbox-relay.ts'
import { WakeUp } from './outbox/wake-up.ts'
import { Presence } from './presence/presence.ts'
import type { EchoOptions } from './runner/compacted/compacted-echo.ts'
import { RunnerMetrics } from './runner/metrics.ts'
import { measureAside } from './runner/parking/aside-metrics.ts'
import { RebuildLoop } from './runner/rebuild/rebuild-loop.ts'
import type { RebuildOptions } from './runner/rebuild/rebuild-options.ts'
import type { RunnerContext } from './runner/runner-context.ts'
import { ServiceRunner } from './service-runner.ts'
import type { LogSettings } from './settings.ts'
import { Timers } from './timers/timers.ts'
import type { LockKeys, Transactions } from './work.ts'

export interface MessagingOptions {
  readonly service: ServiceName
  /** From `logSettings`. */
  readonly log: LogSettings
  /** Locks the account rows that handlers change. */
  readonly lockKeys: LockKeys
  /** Absent: this service has no derived state that could be made anew. */
  readonly rebuild?: RebuildOptions
  /** The compacted topics that this service publishes through its outbox. */
  readonly echoes?: readonly EchoOptions[]
  /** The consumption ended by itself; default: `endProcess`. */
  readonly onCrash?: (fault: unknown) => void
}

/** What the platform gives. */
export interface MessagingGround {
  readonly dataSource: DataSource
  readonly clock: Clock
  readonly logger: Logger
  readonly registry: Registry
  readonly tracing: Tracing
  readonly readiness: Readiness
}

/** Everything of a service that sends, receives or waits. */
export interface MessagingParts {
  readonly log: EventLog
  readonly relay: OutboxRelay
  readonly timers: Timers
  readonly transactions: Transactions
  readonly runner: ServiceRunner
  readonly rebuilds: RebuildLoop | undefined
  readonly operations: Operations
  readonly metrics: RunnerMetrics
  readonly presence: Presence
}

const presenceIn = ({ options }: DataSource): Presence => {
  if (options.type !== 'postgres' || options.url === undefined)
    throw new TypeError('messaging needs the PostgreSQL URL of its data source')
  return new Presence(options.url, options.applicationName ?? 'banso')
}

/** Makes the parts of a service's messaging; nothing is started and no connection opened yet. */
export const assembleMessaging = async (
  options: MessagingOptions,
  ground: MessagingGround,
): Promise<MessagingParts> => {
  const { service, lockKeys } = options
  const { dataSource, clock, logger, registry, readiness, tracing } = ground
  const presence = presenceIn(dataSource)
  const log = await openLog(service, options.log, { notices: logger, presence })
  const work: WorkContext = { service, clock, relay: new WakeUp(), timers: new WakeUp(), tracing }
  const metrics = new RunnerMetrics(registry)
  measureAside(registry, dataSource)
  const worker = { dataSource, presence, logger, registry, tracing }
  const relay = new OutboxRelay({ ...worker, service, log, wake: work.relay })
  const transactions = new DatabaseTransactions(dataSource, work, lockKeys)
  const timers = new Timers({ ...worker, transactions, clock, wake: work.timers })
  const version = codeVersion()
  const context: RunnerContext = { group: service, dataSource, log, work, lockKeys, logger, metrics, version }
  const runner = new ServiceRunner({ context, echoes: options.echoes ?? [], onCrash: options.onCrash ?? endProcess })
  const rebuild = options.rebuild && {
    options: options.rebuild,
    loop: new RebuildLoop({ group: service, dataSource, work, logger, rebuild: options.rebuild, timers }),
  }
  const operations = new Operations({ service, dataSource, log, clock, metrics, relay, runner, rebuild })
  readiness.add('events', () => runner.checkHealth())
  readiness.add('outbox', () => (relay.fault ? Promise.reject(relay.fault) : Promise.resolve()))
  return { log, relay, timers, transactions, runner, rebuilds: rebuild?.loop, operations, metrics, presence }
}
