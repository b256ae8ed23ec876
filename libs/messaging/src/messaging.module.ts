import type { ServiceName } from '@banso/contracts'
import { type DynamicModule, Module, type Provider } from '@nestjs/common'
import type { EventLog } from './log/event-log.ts'
import { EventsStrategy, type TopicConsumer } from './runner/events-strategy.ts'
import type { RebuildOptions } from './runner/rebuild/rebuild-options.ts'
import type { LogSettings } from './settings.ts'
import { EVENT_LOG } from './tokens.ts'
import type { LockKeys } from './work.ts'

export interface MessagingOptions {
  readonly service: ServiceName
  /** From `logSettings`. */
  readonly log: LogSettings
  /** Locks the account rows that handlers change. */
  readonly lockKeys: LockKeys
  /** Absent: this service has no derived state that could be made anew. */
  readonly rebuild?: RebuildOptions
}

const providersOf = (_options: MessagingOptions): Provider[] => [
  {
    provide: EVENT_LOG,
    useFactory: (): EventLog => {
      throw new Error('no adapter')
    },
  },
  {
    provide: EventsStrategy,
    useFactory: () => {
      const consumer: TopicConsumer = { start: async () => {}, stop: async () => {} }
      return new EventsStrategy(consumer)
    },
  },
]

/** The log, the consumer runner, outbox, timers and the operations API of a service. Global; needs PlatformModule. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    const providers = providersOf(options)
    return { module: MessagingModule, global: true, providers, exports: [EVENT_LOG, EventsStrategy] }
  }
}
