// `npm run history -- --file F [--kafka] [--json]`: a real activity log through the front door, a tenth of it twice and out
// of order; then `/usage` against a count of the file. Columns: ts (seconds), tz_offset, account_id, user_id, feature.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import { seeded } from '../drive/random.ts'
import type { SegmentEvent } from '../drive/capture.ts'
import { isIdle } from '../drive/operations.ts'
import { PRODUCT_SOURCE, putPlaybook, setStage, type Stage } from '../drive/stage.ts'
import { until } from '../drive/wait.ts'
import { services } from '../local/secrets.ts'

const BATCH = 100
const WINDOW_DAYS = 366

const read = (file: string): SegmentEvent[] => {
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

const usageOf = async ({ api }: Stage, events: readonly SegmentEvent[]): Promise<Map<string, number>> => {
  const counts = new Map<string, number>()
  const firstOf = new Map(events.toReversed().map(({ context, messageId }) => [context.groupId, messageId]))
  const years = events.map(({ timestamp }) => Number(timestamp.slice(0, 4)))
  const last = Date.UTC(Math.max(...years) + 1, 0, 1)
  for (const [account, messageId] of firstOf) {
    const path = `/v1/sources/${PRODUCT_SOURCE}/receipts/${messageId}`
    const { accountId } = await api.get<{ accountId: string }>('ingestion', path)
    for (let from = Date.UTC(Math.min(...years), 0, 1); from < last; from += WINDOW_DAYS * 86_400_000) {
      const to = new Date(from + (WINDOW_DAYS - 1) * 86_400_000)
      const range = `from=${new Date(from).toISOString().slice(0, 10)}&to=${to.toISOString().slice(0, 10)}`
      for (const { day, event, count } of await api.all<{ day: string; event: string; count: number }>(
        'health',
        `/v1/accounts/${accountId}/usage?${range}`,
      ))
        counts.set(`${account}|${day}|${event}`, count)
    }
  }
  return counts
}

const idle = (stage: Stage): Promise<true> =>
  until('everything to have been read', 600_000, async () => (await isIdle(stage.api, services)) || undefined)

const { values } = parseArgs({
  options: {
    file: { type: 'string' },
    kafka: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
})
if (!values.file) {
  console.error('usage: npm run history -- --file <csv or csv.gz> [--kafka] [--json]')
  process.exit(2)
}
const events = read(values.file)
const sent = withRepeats(events, seeded(1))
const stage = await setStage({
  purpose: 'history',
  kafka: values.kafka,
  portBase: 28_000,
  say: (line) => console.error(line),
})
let different = 0
try {
  await putPlaybook(stage, 'any-change', ['red', 'amber', 'green'])
  const started = Date.now()
  for (let at = 0; at < sent.length; at += BATCH) await stage.capture.send(sent.slice(at, at + BATCH))
  const accepting = (Date.now() - started) / 1000
  await idle(stage)
  const expected = countOf(events)
  const counted = await usageOf(stage, events)
  for (const key of new Set([...expected.keys(), ...counted.keys()]))
    if (expected.get(key) !== counted.get(key)) different += 1
  const runs = await stage.api.all<{ state: string }>('playbooks', '/v1/runs')
  const fired = runs.filter(({ state }) => state !== 'held-back').length + stage.receiver.arrivals.length
  const result = {
    log: values.kafka ? 'kafka' : 'embedded',
    rows: events.length,
    sent: sent.length,
    secondsToAccept: accepting,
    secondsToFold: (Date.now() - started) / 1000,
    facts: expected.size,
    different,
    fired,
  }
  different += fired
  console.log(values.json ? JSON.stringify(result) : result)
} finally {
  await stage.close()
}
process.exit(different === 0 ? 0 : 1)
