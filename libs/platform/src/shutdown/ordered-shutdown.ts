import type { INestApplication } from '@nestjs/common'
import type { Logger } from '../logging/logger.ts'

/** Milliseconds from the signal to the end. */
export const SHUTDOWN_LIMIT_MS = 25_000

const SIGNALS = ['SIGTERM', 'SIGINT'] as const

const stopOurselves = (): void => void process.kill(process.pid, 'SIGTERM')

/**
 * On SIGTERM, SIGINT, or when the parent process that holds our channel is gone: no new requests, consumers finish and
 * stop, pools close last (`onApplicationShutdown`), exit 0. What takes longer than 25 s is cut off with exit 1. An error that
 * nobody caught is logged as others are, and ends the process with 1.
 */
export const enableOrderedShutdown = (app: INestApplication, logger: Logger, limitMs = SHUTDOWN_LIMIT_MS): void => {
  app.enableShutdownHooks([...SIGNALS], { useProcessExit: true })
  const guard = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping')
    setTimeout(() => {
      logger.fatal({ limitMs }, 'the shutdown took too long and was cut off')
      process.exit(1)
    }, limitMs).unref()
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
