import { type DynamicModule, Inject, Module, type OnModuleInit, type Provider } from '@nestjs/common'
import { APP_FILTER, APP_GUARD, APP_PIPE, HttpAdapterHost, Reflector } from '@nestjs/core'
import type { FastifyAdapter } from '@nestjs/platform-fastify'
import { TerminusModule } from '@nestjs/terminus'
import { Registry } from 'prom-client'
import { DataSource } from 'typeorm'
import { Clock, SystemClock } from './clock.ts'
import type { PlatformSettings } from './config/platform-settings.ts'
import type { SettingsWarnings } from './config/service-config.ts'
import { DatabaseLifetime, openDatabase } from './database/database-lifetime.ts'
import type { PostgresOptions } from './database/service-database.ts'
import { HealthController } from './health/health.controller.ts'
import { Readiness } from './health/readiness.ts'
import { ProblemFilter } from './http/problem.filter.ts'
import { ServiceTokenGuard } from './http/service-token.guard.ts'
import { validationPipe } from './http/validation.ts'
import { createLogger, LOGGER, type Logger } from './logging/logger.ts'
import { MetricsController } from './metrics/metrics.controller.ts'
import { createRegistry, measureHttp } from './metrics/metrics.ts'
import { measureReadiness } from './metrics/readiness-metrics.ts'
import { SHUTDOWN_LIMIT } from './shutdown/ordered-shutdown.ts'
import { openTracing } from './tracing/open-tracing.ts'
import { traceHttp } from './tracing/trace-http.ts'
import { Tracing } from './tracing/tracing.ts'
import { TracingLifetime } from './tracing/tracing-lifetime.ts'

export interface PlatformOptions {
  readonly service: string
  readonly settings: PlatformSettings & Partial<SettingsWarnings>
  /** Bearer token of the service's own API. */
  readonly token: string
  readonly database: PostgresOptions
  /** Default: the system's. */
  readonly clock?: Clock
  /** Default: one made of `service` and `settings`. */
  readonly logger?: Logger
}

const SETTINGS_TOLD = Symbol('SETTINGS_TOLD')

const providersOf = ({ service, settings, token, database, clock, logger }: PlatformOptions): Provider[] => [
  { provide: Clock, useValue: clock ?? new SystemClock() },
  { provide: LOGGER, useValue: logger ?? createLogger({ service, level: settings.BANSO_LOG_LEVEL }) },
  { provide: SHUTDOWN_LIMIT, useValue: settings.BANSO_STOP_LIMIT_MS },
  {
    provide: SETTINGS_TOLD,
    inject: [LOGGER],
    useFactory: (log: Logger) => {
      for (const warning of settings.unknownSettings ?? []) log.warn(warning)
    },
  },
  { provide: Registry, useFactory: () => createRegistry(service) },
  { provide: Tracing, inject: [LOGGER], useFactory: (log: Logger) => openTracing(service, settings, log) },
  { provide: TracingLifetime, inject: [Tracing], useFactory: (tracing: Tracing) => new TracingLifetime(tracing) },
  { provide: DataSource, inject: [LOGGER], useFactory: (log: Logger) => openDatabase(database, log) },
  { provide: DatabaseLifetime, inject: [DataSource], useFactory: (source: DataSource) => new DatabaseLifetime(source) },
  {
    provide: Readiness,
    inject: [DataSource, Registry],
    useFactory: (source: DataSource, registry: Registry) => {
      const readiness = new Readiness()
      measureReadiness(registry, readiness)
      readiness.add('database', async () => void (await source.query('SELECT 1')))
      return readiness
    },
  },
  { provide: APP_FILTER, inject: [LOGGER], useFactory: (log: Logger) => new ProblemFilter(log) },
  {
    provide: APP_GUARD,
    inject: [Reflector],
    useFactory: (reflector: Reflector) => new ServiceTokenGuard(reflector, token),
  },
  { provide: APP_PIPE, useFactory: validationPipe },
]

/** What every service stands on: clock, logger, metrics, database, health and the rules of its HTTP side. Global. */
@Module({})
export class PlatformModule implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost<FastifyAdapter>,
    @Inject(Registry) private readonly registry: Registry,
    @Inject(Tracing) private readonly tracing: Tracing,
  ) {}

  static forRoot(options: PlatformOptions): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: providersOf(options),
      exports: [Clock, LOGGER, SHUTDOWN_LIMIT, Registry, Tracing, DataSource, Readiness],
    }
  }

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance()
    measureHttp(this.registry, fastify)
    traceHttp(this.tracing, fastify, { continues: true })
  }
}
