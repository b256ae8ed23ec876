// A log of past activity through the front door, and what came of it.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { seeded } from '../drive/random.ts'
import type { SegmentEvent } from '../drive/capture.ts'
import { isIdle } from '../drive/operations.ts'
import { applyBlueprint, PRODUCT_SOURCE, type Stage } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'

const BATCH = 100
const WINDOW_DAYS = 366
const DAY_MS = 86_400_000
const READ_WITHIN_MS = 600_000

/** Columns: ts (seconds), tz_offset, account_id, user_id, feature. */
export const readHistory = (file: string): SegmentEvent[] => {
  const bytes = readFileSync(file)
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map((line, row) => {
      const [ts = '', , account = '', user = '', feature = ''] = line.split(',')
      return {
        type: 'track',
        messageId: `row-${row}`,
        userId: user,
        event: feature,
        timestamp: new Date(Number(ts) * 1000).toISOString(),
        context: { groupId: account },
      }
    })
}

/** `account|day|feature` → rows of the file. */
const countOf = (events: readonly SegmentEvent[]): Map<string, number> => {
  const counts = new Map<string, number>()
  for (const { timestamp, event, context } of events) {
    const key = `${context.groupId}|${timestamp.slice(0, 10)}|${event}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** A tenth of the events a second time, each somewhere within the file: repeats, and out of order. */
const withRepeats = (events: readonly SegmentEvent[], random: () => number): SegmentEvent[] => {
  const again = events.filter(() => random() < 0.1)
  return [...events, ...again]
    .map((event, at) => ({ event, at: at < events.length ? at + random() * 2000 : random() * events.length }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ event }) => event)
}

/** The ids of the accounts, by the names that the file has for them. */
const accountsOf = async ({ api }: Stage, events: readonly SegmentEvent[]): Promise<Map<string, string>> => {
  const accounts = new Map<string, string>()
  const firstOf = new Map(events.toReversed().map(({ context, messageId }) => [context.groupId, messageId]))
  for (const [account, messageId] of firstOf) {
    const path = `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`
    accounts.set(account, (await api.get<{ accountId: string }>('ingestion', path)).accountId)
  }
  return accounts
}

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10)

const usageOf = async (
  { api }: Stage,
  events: readonly SegmentEvent[],
  accounts: ReadonlyMap<string, string>,
): Promise<Map<string, number>> => {
  const counts = new Map<string, number>()
  const years = new Set(events.map(({ timestamp }) => Number(timestamp.slice(0, 4))))
  const [first, last] = [Date.UTC(Math.min(...years), 0, 1), Date.UTC(Math.max(...years) + 1, 0, 1)]
  for (const [account, accountId] of accounts)
    for (let from = first; from < last; from += WINDOW_DAYS * DAY_MS) {
      const range = `from=${dayOf(from)}&to=${dayOf(from + (WINDOW_DAYS - 1) * DAY_MS)}`
      for (const { day, event, count } of await api.all<{ day: string; event: string; count: number }>(
        'health',
        `/v1/accounts/${accountId}/usage?${range}`,
      ))
        counts.set(`${account}|${day}|${event}`, count)
    }
  return counts
}

/** Would act on a first score, too, if it were not for the age of what caused it. */
const putWatch = (stage: Stage): Promise<void> =>
  applyBlueprint(stage, {
    kind: 'Playbook',
    name: 'any-change',
    spec: {
      mode: 'active',
      trigger: { on: 'band-changed', to: ['red', 'amber', 'green'], firstScore: true },
      action: { kind: 'webhook', url: stage.receiver.url },
    },
  })

/** What acted on these accounts, runs and webhooks that arrived, and runs that were held back. */
const actedOn = async (
  { api, receiver }: Stage,
  accountIds: ReadonlySet<string>,
): Promise<Pick<HistoryResult, 'fired' | 'heldBack'>> => {
  const all = await api.all<{ account: { id: string }; state: string }>('playbooks', '/v1/runs')
  const runs = all.filter(({ account }) => accountIds.has(account.id))
  const heldBack = runs.filter(({ state }) => state === 'held-back').length
  const arrived = receiver.arrivals.filter(({ accountId }) => accountIds.has(accountId)).length
  return { fired: runs.length - heldBack + arrived, heldBack }
}

export interface HistoryResult {
  readonly rows: number
  readonly sent: number
  readonly secondsToAccept: number
  readonly secondsToFold: number
  /** Of an account, a day and a feature. */
  readonly facts: number
  /** Facts that are not counted as the file has them. */
  readonly different: number
  readonly fired: number
  readonly heldBack: number
}

/** Sends it all, while a playbook waits for any change of these accounts; then counts. */
export const loadHistory = async (stage: Stage, events: readonly SegmentEvent[]): Promise<HistoryResult> => {
  const sent = withRepeats(events, seeded(1))
  await putWatch(stage)
  const started = Date.now()
  for (let at = 0; at < sent.length; at += BATCH) await stage.capture.send(sent.slice(at, at + BATCH))
  const accepted = Date.now()
  await until('everything to have been read', READ_WITHIN_MS, async () =>
    (await isIdle(stage.api, services)) ? true : undefined,
  )
  const read = Date.now()
  const accounts = await accountsOf(stage, events)
  const [expected, counted] = [countOf(events), await usageOf(stage, events, accounts)]
  const keys = new Set([...expected.keys(), ...counted.keys()])
  return {
    rows: events.length,
    sent: sent.length,
    secondsToAccept: (accepted - started) / 1000,
    secondsToFold: (read - started) / 1000,
    facts: expected.size,
    different: [...keys].filter((key) => expected.get(key) !== counted.get(key)).length,
    ...(await actedOn(stage, new Set(accounts.values()))),
  }
}
