import type { LoggerService } from '@nestjs/common'
import type { Logger } from 'pino'

/** Nest's own lines through pino: its chatter while starting at `debug`, warnings and errors as they are. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), textOf(message))
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.logger.trace(fieldsOf(message, rest), textOf(message))
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(fieldsOf(message, rest), textOf(message))
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(fieldsOf(message, rest), textOf(message))
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.logger.error(fieldsOf(message, rest), textOf(message))
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.logger.fatal(fieldsOf(message, rest), textOf(message))
  }
}

// Nest passes the name of the class that logs last, and before it a stack where there is one.
const fieldsOf = (message: unknown, rest: readonly unknown[]): object => {
  const texts = rest.filter((part) => typeof part === 'string')
  const stack = texts.find((text) => text.includes('\n'))
  const by = texts.findLast((text) => text !== stack)
  const err = message instanceof Error ? message : rest.find((part) => part instanceof Error)
  return { ...(by !== undefined && { by }), ...(stack !== undefined && { stack }), ...(err !== undefined && { err }) }
}

const textOf = (message: unknown): string => {
  if (message instanceof Error) return message.name
  return typeof message === 'string' ? message : 'a message of Nest that is not a text'
}
