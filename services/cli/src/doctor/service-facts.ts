// What a service says of itself and of its stores. Each question is asked by itself: what fails leaves the others.
import type { ServiceName } from '../config.ts'
import { failingChecks } from '../commands/status.ts'
import { CommandError } from '../exit-codes.ts'
import { failureOf, type ServiceClient } from '../http/service-client.ts'
import { textAt } from '../json.ts'
import type { ClockAhead } from './finding.ts'

export interface ServiceFacts {
  readonly service: ServiceName
  readonly url: string
  /** HTTP status of /health/ready; null: no answer that a Banso service gives. */
  readonly ready: number | null
  /** What is not well, by the names of its checks. */
  readonly notReady: readonly string[]
  /** The answer of /v1/operations/status, and of /v1/operations/checkup; null where it failed. */
  readonly status: unknown
  readonly checkup: unknown
  readonly clockAheadMs: ClockAhead | null
  /** The Node it runs on: `v24.1.0`. */
  readonly node: string | null
  /** Events in ingestion's spool; null elsewhere. */
  readonly spooled: number | null
  /** What failed, first of all. */
  readonly fault: CommandError | null
}

const ANSWER_WITHIN_MS = 15_000

/** The value, or what a command would have ended with. */
const tried = async <T>(work: Promise<T>): Promise<T | CommandError> => {
  try {
    return await work
  } catch (fault) {
    if (fault instanceof CommandError) return fault
    throw fault
  }
}

const isFault = (value: unknown): value is CommandError => value instanceof CommandError

const timed = async (client: ServiceClient): Promise<{ body: unknown; ahead: ClockAhead | null }> => {
  const before = Date.now()
  const answer = await client.ask({ path: '/v1/operations/checkup', withinMs: ANSWER_WITHIN_MS })
  const after = Date.now()
  if (answer.status >= 300) throw failureOf(client.service, answer)
  const now = Date.parse(textAt(answer.body, 'now') ?? '')
  return { body: answer.body, ahead: Number.isNaN(now) ? null : { least: now - after, most: now - before } }
}

const readyOf = async (client: ServiceClient): Promise<{ status: number; notReady: readonly string[] }> => {
  const { status, body } = await client.ask({ path: '/health/ready', withinMs: ANSWER_WITHIN_MS })
  if (status !== 200 && status !== 503) throw failureOf(client.service, { status, body })
  const failing = failingChecks(body)
  return { status, notReady: status === 503 && failing.length === 0 ? ['HTTP 503'] : failing }
}

/** A gauge of Prometheus's text format, whatever labels it carries. */
const gauge = (text: string, name: string): number | null => {
  const found = new RegExp(`^(?:banso_)?${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)
  return found ? Number(found[1]) : null
}

export const askService = async (client: ServiceClient, service: ServiceName): Promise<ServiceFacts> => {
  const [ready, status, checkup, metrics] = await Promise.all([
    tried(readyOf(client)),
    tried(client.call({ path: '/v1/operations/status', withinMs: ANSWER_WITHIN_MS })),
    tried(timed(client)),
    tried(client.text('/metrics', ANSWER_WITHIN_MS)),
  ])
  const text = isFault(metrics) ? '' : metrics.text
  return {
    service,
    url: client.url,
    ready: isFault(ready) ? null : ready.status,
    notReady: isFault(ready) ? [] : ready.notReady,
    status: isFault(status) ? null : status,
    checkup: isFault(checkup) ? null : checkup.body,
    clockAheadMs: isFault(checkup) ? null : checkup.ahead,
    node: /^nodejs_version_info\{[^}]*version="([^"]+)"/m.exec(text)?.[1] ?? null,
    spooled: service === 'ingestion' ? gauge(text, 'ingestion_spool_events') : null,
    fault: [ready, status, checkup].find(isFault) ?? null,
  }
}
