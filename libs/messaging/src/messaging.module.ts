import { Clock, LOGGER, type Logger, Readiness, Tracing } from '@banso/platform'
import { type DynamicModule, type InjectionToken, Module, type Provider } from '@nestjs/common'
import { Registry } from 'prom-client'
import { DataSource } from 'typeorm'
import { MessagingLifetime } from './messaging-lifetime.ts'
import { assembleMessaging, type MessagingOptions, type MessagingParts } from './messaging-parts.ts'
import { EVENT_LOG } from './open-log.ts'
import { OperationsController } from './operations/operations.controller.ts'
import { Operations } from './operations/operations.ts'
import { EventsStrategy } from './runner/events-strategy.ts'
import { RunnerMetrics } from './runner/metrics.ts'
import { Timers } from './timers/timers.ts'
import { Transactions } from './work.ts'

const PARTS = Symbol('MESSAGING_PARTS')

const partsProvider = (options: MessagingOptions): Provider => ({
  provide: PARTS,
  inject: [DataSource, Clock, LOGGER, Registry, Readiness, Tracing],
  useFactory: (
    dataSource: DataSource,
    clock: Clock,
    logger: Logger,
    registry: Registry,
    readiness: Readiness,
    tracing: Tracing,
  ) => assembleMessaging(options, { dataSource, clock, logger, registry, readiness, tracing }),
})

const part = (provide: InjectionToken, useFactory: (parts: MessagingParts) => unknown): Provider => ({
  provide,
  inject: [PARTS],
  useFactory,
})

/** The log, the consumer runner, outbox, timers and the operations API of a service. Global; needs PlatformModule. */
@Module({})
export class MessagingModule {
  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      controllers: [OperationsController],
      providers: [
        partsProvider(options),
        part(EVENT_LOG, ({ log }) => log),
        part(Transactions, ({ transactions }) => transactions),
        part(Timers, ({ timers }) => timers),
        part(RunnerMetrics, ({ metrics }) => metrics),
        part(Operations, ({ operations }) => operations),
        part(EventsStrategy, ({ runner }) => new EventsStrategy(runner)),
        part(MessagingLifetime, (parts) => new MessagingLifetime(parts)),
      ],
      exports: [EVENT_LOG, Transactions, Timers, RunnerMetrics, EventsStrategy],
    }
  }
}
