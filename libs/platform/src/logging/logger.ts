import { type DestinationStream, type Logger, pino, stdTimeFunctions } from 'pino'
import { faultForLog } from './fault-for-log.ts'

export type { Logger }

/** Token of the service's logger. */
export const LOGGER = Symbol('LOGGER')

export interface LoggerOptions {
  readonly service: string
  /** `trace` … `error`, `silent`; default `info`. */
  readonly level?: string
}

// What may carry personal data or secrets and has no place in a log line, at the top and one level below.
const PERSONAL_OR_SECRET = [
  'address',
  'authorization',
  'body',
  'comment',
  'context',
  'cookie',
  'data',
  'email',
  'externalId',
  'firstName',
  'headers',
  'ip',
  'key',
  'lastName',
  'masterKey',
  'name',
  'password',
  'payload',
  'phone',
  'properties',
  'secret',
  'subject',
  'token',
  'traits',
  'url',
  'userId',
  'value',
  'writeKey',
]

/**
 * JSON lines: `time` (ISO), `level`, `service`, `msg`, ids. Personal fields and secrets are taken out by name; an `err`
 * shows its type, code and stack, and its message only where that cannot quote data.
 */
export const createLogger = ({ service, level = 'info' }: LoggerOptions, destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: { service },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: PERSONAL_OR_SECRET.flatMap((field) => [field, `*.${field}`]), remove: true },
      serializers: { err: faultForLog },
    },
    destination ?? pino.destination({ sync: true }),
  )
