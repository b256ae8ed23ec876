export { Calendar, type Day, formatDay, parseDay } from './calendar/calendar.ts'
export { openCalendar, TimeZoneFixedError } from './calendar/fixed-zone.ts'
export { Clock, SystemClock } from './clock.ts'
export { ConfigError, type Environment, parseConfig } from './config/parse-config.ts'
export {
  listOf,
  MasterKeyText,
  platformSettings,
  type PlatformSettings,
  Port,
  PostgresUrl,
  ServiceToken,
} from './config/platform-settings.ts'
export { configOf, type ServiceConfig } from './config/service-config.ts'
export { type Ask, type ClockAhead, type DatabaseFacts, inspectDatabase } from './database/inspect-database.ts'
export { inspectMigrations, type MigrationFacts } from './database/inspect-migrations.ts'
export { migrate } from './database/migrate.ts'
export { storable } from './database/storable.ts'
export { type PostgresOptions, serviceDatabase, type ServiceDatabase } from './database/service-database.ts'
export { BansoError, type InputFault, ProblemError, type ProblemParts, StartRefusedError } from './errors.ts'
export { Readiness, type ReadinessCheck } from './health/readiness.ts'
export { fastifyAdapter, type HttpOptions } from './http/fastify-adapter.ts'
export { type Problem, PROBLEM_CONTENT_TYPE } from './http/problem.ts'
export { problemOf } from './http/problem-of.ts'
export { ProblemFilter } from './http/problem.filter.ts'
export { isPublic, Public } from './http/service-token.guard.ts'
export { inputFaults, validationPipe } from './http/validation.ts'
export { faultForLog, type LoggedFault } from './logging/fault-for-log.ts'
export { createLogger, LOGGER, type Logger, type LoggerOptions } from './logging/logger.ts'
export { NestLogger } from './logging/nest-logger.ts'
export { InstantText, OrNull, pageSchema, ProblemSchema } from './openapi/answers.ts'
export {
  Described,
  Documented,
  documentOf,
  type FieldDocument,
  fieldsOf,
  type OperationDocument,
  type Wire,
} from './openapi/documented.ts'
export { DayKey, InstantKey } from './paging/cursor-keys.ts'
export { decodeCursor, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE, type Page, pageOf, PageQuery } from './paging/page.ts'
export { measureHttp } from './metrics/metrics.ts'
export { PlatformModule, type PlatformOptions } from './platform.module.ts'
export { decrypt, encrypt, makeDataKey, MasterKey } from './sealing/master-key.ts'
export { type SealedFields, unseal } from './sealing/unseal.ts'
export { enableOrderedShutdown, limitShutdown, SHUTDOWN_LIMIT, SHUTDOWN_LIMIT_MS } from './shutdown/ordered-shutdown.ts'
export { startService } from './shutdown/start-service.ts'
export { stillStopping, stopping } from './shutdown/stopping.ts'
export { traceHttp, type TraceHttpOptions } from './tracing/trace-http.ts'
export { isSampled } from './tracing/traceparent.ts'
export { noTracing, type Span, type SpanAttributes, type SpanEnd, type SpanStart, Tracing } from './tracing/tracing.ts'
