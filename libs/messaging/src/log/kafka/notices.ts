import { type LogEntry, logLevel } from 'kafkajs'
import type { LogNotices } from '../notices.ts'

/** What was said is silent for so long; what passes by itself may take so long. */
const PATIENCE_MS = 30_000
const MOST_REMEMBERED = 500

/**
 * What a broker answers while topics are being made, leaders elected and groups formed. kafkajs tells each answer and
 * asks again; who waits for it hears of what stays.
 */
const PASSING = [
  'Topic creation errors', // another process made it at the same time
  'This server does not host this topic-partition',
  'There is no leader for this topic-partition as we are in the middle of a leadership election',
  'This server is not the leader for that topic-partition',
  'The group coordinator is not available',
  "The coordinator is loading and hence can't process requests for this group",
  'This is not the correct coordinator for this group',
  'Failed to find group coordinator',
]

/** An answer like that, a consumer that crashed by it, or what kafkajs does next. */
const maySettle = (message: string, error: unknown): boolean =>
  PASSING.some((words) => error === words || message.endsWith(words)) || message.startsWith('Restarting the consumer')

interface Heard {
  readonly since: number
  last: number
  said: number
}

/**
 * Passes on what kafkajs says, one for all clients of a log: a broker that is away makes each say the same many times a
 * second, and once in a while is enough. What passes by itself is a fault only when it stays.
 */
export const noticesTo = (notices: LogNotices, now = Date.now): ((entry: LogEntry) => void) => {
  const known = new Map<string, Heard>()
  const hear = (key: string): Heard => {
    const before = known.get(key)
    if (before && now() - before.last < PATIENCE_MS) return before
    if (known.size >= MOST_REMEMBERED) known.clear()
    const first = { since: now(), last: now(), said: Number.NEGATIVE_INFINITY }
    known.set(key, first)
    return first
  }
  return ({ level, namespace, log }) => {
    const { message, timestamp: _, logger: __, ...about } = log
    const details = { kafka: namespace, ...about }
    const heard = hear(`${namespace} ${message} ${String(about['error'])}`)
    heard.last = now()
    if (maySettle(message, about['error']) && now() - heard.since < PATIENCE_MS) return notices.debug(details, message)
    if (now() - heard.said < PATIENCE_MS) return
    heard.said = now()
    if (level === logLevel.ERROR) notices.error(details, message)
    else notices.warn(details, message)
  }
}
