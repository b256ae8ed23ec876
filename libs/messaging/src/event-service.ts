import {
  enableOrderedShutdown,
  fastifyAdapter,
  type HttpOptions,
  limitShutdown,
  LOGGER,
  type Logger,
  NestLogger,
  SHUTDOWN_LIMIT,
} from '@banso/platform'
import type { DynamicModule, Type } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { NestMicroservice } from '@nestjs/microservices'
import type { NestFastifyApplication } from '@nestjs/platform-fastify'
import { EventsStrategy } from './runner/events-strategy.ts'
import { PassErrors } from './runner/pass-errors.ts'

export interface EventServiceOptions {
  readonly http?: HttpOptions
  /** Called before the application is initialised: body parsers, plugins. */
  prepare?(app: NestFastifyApplication): void | Promise<void>
  /** Whether SIGTERM and SIGINT stop the service in order; default true. */
  readonly handleSignals?: boolean
}

/**
 * A Nest application on Fastify, initialised, whose event handlers consume; `listen` is left to the caller. Needs
 * `PlatformModule` and `MessagingModule` in the module. What fails while starting closes what was opened.
 */
export const createEventService = async (
  module: DynamicModule | Type,
  options: EventServiceOptions = {},
): Promise<NestFastifyApplication> => {
  const app = await NestFactory.create<NestFastifyApplication>(module, fastifyAdapter(options.http), {
    bufferLogs: true,
    abortOnError: false,
  })
  const [logger, limitMs] = [app.get<Logger>(LOGGER), app.get<number>(SHUTDOWN_LIMIT)]
  try {
    app.useLogger(new NestLogger(logger))
    if (options.handleSignals ?? true) enableOrderedShutdown(app, logger, limitMs)
    await options.prepare?.(app)
    connectEvents(app)
    await app.init()
    await app.startAllMicroservices()
    return app
  } catch (fault) {
    const unlimited = limitShutdown(logger, limitMs) // what failed at the start may hang at the end
    await app.close()
    unlimited()
    throw fault
  }
}

// Deferred, so that the filter is there before the handlers are registered; with a configuration of its own, so that
// guards, pipes and filters of the HTTP side stay out of the way of events. The hooks are run by the application alone.
const connectEvents = (app: NestFastifyApplication): void => {
  const events = app.connectMicroservice({ strategy: app.get(EventsStrategy) }, { deferInitialization: true })
  if (!(events instanceof NestMicroservice)) throw new Error('Nest made another kind of microservice')
  events.setIsInitHookCalled(true)
  events.useGlobalFilters(new PassErrors())
}
