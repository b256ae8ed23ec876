import { BansoError } from '@banso/platform'
import { AppendError } from '../log/errors.ts'

/** Why a message is parked or dead. `message` is at most 1 KiB and holds nothing personal. */
export interface Failure {
  readonly reason: string
  readonly errorClass: string | null
  readonly message: string | null
}

const MAX_TEXT = 1024

// Connection (08), resources (53), serialization and deadlock (40), operator (57P), lock not available, idle transaction.
const SQL_STATES = /^(08...|53...|40001|40P01|57P..|55P03|25P03)$/
// Of these, what a store says, or has said for it, that is not there: it may be back at any moment.
const AWAY_STATES = /^(08...|57P..)$/
const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])
// What pg and its pool throw without a code; of these, what a pool says of itself when all its connections are in use.
const LOST_CONNECTION =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when trying to connect|timeout expired|Cannot use a pool after calling end)/
const POOL_IN_USE = 'timeout exceeded when trying to connect'
/** What kafkajs throws when there is no broker to be reached, or none answers. */
const BROKER_AWAY = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSBrokerNotFound',
])
const DRIVER_CLASSES = new Set([
  'QueryRunnerAlreadyReleasedError',
  'ConnectionIsNotSetError',
  'CannotExecuteNotConnectedError',
  'DriverReleasedError',
  'PoolClosedError',
])

const codeOf = (fault: Error): string => ('code' in fault && typeof fault.code === 'string' ? fault.code : '')

const rootOf = (fault: Error): Error =>
  'driverError' in fault && fault.driverError instanceof Error ? fault.driverError : fault

/** Whether it is the database, the broker or the way to them, not the message, that failed. */
export const isInfrastructure = (fault: unknown): boolean => {
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isInfrastructure)
  if (!(fault instanceof Error)) return false
  if (fault instanceof AppendError || fault.name.startsWith('KafkaJS') || DRIVER_CLASSES.has(fault.name)) return true
  const root = rootOf(fault)
  return SQL_STATES.test(codeOf(root)) || NETWORK_CODES.has(codeOf(root)) || LOST_CONNECTION.test(root.message)
}

/** Whether the database or the broker is away: to ask again soon costs nothing, and work waits for its coming back. */
export const isAway = (fault: unknown): boolean => {
  if (fault instanceof AggregateError) return fault.errors.length > 0 && fault.errors.every(isAway)
  if (!(fault instanceof Error)) return false
  if (fault instanceof AppendError) return isAway(fault.cause) || !isInfrastructure(fault.cause)
  if (fault.name === 'KafkaJSNumberOfRetriesExceeded') return isAway(fault.cause)
  if (BROKER_AWAY.has(fault.name) || DRIVER_CLASSES.has(fault.name)) return true
  const root = rootOf(fault)
  if (AWAY_STATES.test(codeOf(root)) || NETWORK_CODES.has(codeOf(root))) return true
  return LOST_CONNECTION.test(root.message) && root.message !== POOL_IN_USE
}

/** Whether another transaction was in the way: a deadlock, or a lock that was not free in time. */
export const isContention = (fault: unknown): boolean =>
  fault instanceof Error && /^(40001|40P01|55P03)$/.test(codeOf(rootOf(fault)))

// The first frame of our own says where; messages of foreign errors may quote the data.
const placeOf = (fault: Error): string | null =>
  /\n\s+at (?:async )?([\w.<>#]+ )?\(?(?:file:\/\/)?[^\n]*?([^/\s]+:\d+:\d+)\)?/
    .exec(fault.stack ?? '')
    ?.slice(1)
    .join('') ?? null

const messageOf = (fault: Error): string | null => {
  if (fault instanceof BansoError) return fault.message
  const root = rootOf(fault)
  if (root === fault && !/^[0-9A-Z]{5}$/.test(codeOf(root))) return placeOf(fault)
  const parts = ['table', 'column', 'constraint'].flatMap((name) => {
    const value: unknown = Reflect.get(root, name)
    return typeof value === 'string' ? [`${name} ${value}`] : []
  })
  return [`SQLSTATE ${codeOf(root)}`, ...parts].join(', ')
}

/** Cuts a text to what a dead letter may hold; NUL, which Postgres cannot store, is replaced. */
export const bounded = (text: string): string => {
  const clean = text.replaceAll('\0', '\uFFFD')
  return Buffer.byteLength(clean) <= MAX_TEXT
    ? clean
    : Buffer.from(clean)
        .subarray(0, MAX_TEXT - 3)
        .toString('utf8')
}

/** What is kept of an error that a handler threw. */
export const failureOf = (fault: unknown): Failure => {
  if (!(fault instanceof Error)) return { reason: 'the handler threw', errorClass: typeof fault, message: null }
  const message = messageOf(fault)
  return {
    reason: 'the handler threw',
    errorClass: bounded(fault instanceof BansoError ? fault.code : fault.name),
    message: message === null ? null : bounded(message),
  }
}

/** What is kept of a reason that needs no error. */
export const failureBecause = (reason: string): Failure => ({
  reason: bounded(reason),
  errorClass: null,
  message: null,
})
