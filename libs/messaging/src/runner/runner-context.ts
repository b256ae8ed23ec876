import type { Logger } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { EventLog } from '../log/event-log.ts'
import type { WorkContext } from '../outbox/buffered-work.ts'
import type { LockKeys } from '../work.ts'
import type { RunnerMetrics } from './metrics.ts'

/** What a consumer group of a service works with. */
export interface RunnerContext {
  /** Its name: that of the service, and of an echo `<service>-echo`. */
  readonly group: string
  readonly dataSource: DataSource
  readonly log: EventLog
  readonly work: WorkContext
  readonly lockKeys: LockKeys
  readonly logger: Logger
  readonly metrics: RunnerMetrics
  /** Of the service's code; kept with dead letters. */
  readonly version: string
}
