import type { INestApplication } from '@nestjs/common'
import type { Logger } from '../logging/logger.ts'
import { stillStopping } from './stopping.ts'

/** Milliseconds from the signal to the cut: a second of the 25 s promised is left to end the process in. */
export const SHUTDOWN_LIMIT_MS = 24_000

/** Injection token of the limit that this process was given (`BANSO_STOP_LIMIT_MS`). */
export const SHUTDOWN_LIMIT = Symbol('the limit of a shutdown')

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const stopOurselves = (): void => void process.kill(process.pid, 'SIGTERM')

/**
 * From now on the process has so long to end by itself; then it says what has not stopped (`stopping`), and exits 1.
 * Call what it returns to take that back.
 */
export const limitShutdown = (logger: Logger, limitMs = SHUTDOWN_LIMIT_MS): (() => void) => {
  const limit = setTimeout(() => {
    logger.fatal({ limitMs, unfinished: stillStopping() }, 'the shutdown took too long and was cut off')
    process.exit(1)
  }, limitMs)
  limit.unref()
  return () => clearTimeout(limit)
}

/**
 * On SIGTERM, SIGINT, or when the parent process that holds our channel is gone: consumers finish and stop, no new
 * requests, pools close last (`onApplicationShutdown`), exit 0. What takes longer than the limit is cut off with exit 1.
 * An error that nobody caught is logged as others are, and ends the process with 1.
 */
export const enableOrderedShutdown = (app: INestApplication, logger: Logger, limitMs = SHUTDOWN_LIMIT_MS): void => {
  app.enableShutdownHooks([...SIGNALS], { useProcessExit: true })
  const guard = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping')
    limitShutdown(logger, limitMs)
  }
  for (const signal of SIGNALS) process.once(signal, guard)
  process.once('disconnect', stopOurselves)
  // with a channel that closed while we were still loading, and nobody listened
  if (process.send && !process.connected) stopOurselves()
  process.once('uncaughtException', (fault) => {
    logger.fatal({ err: fault }, 'nobody caught an error')
    process.exit(1)
  })
}
