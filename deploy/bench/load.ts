// As many batches as a server takes, over a number of connections: each is answered before the load is over.
import autocannon from 'autocannon'
import { randomUUID } from 'node:crypto'

export const BATCH = 100
export const CONNECTIONS = 32
/** Batches that are made before the clock runs, and sent in turns: capture does not look whether it knows an event. */
const DISTINCT = 200
const NAMES = ['Report Created', 'Report Shared', 'Dashboard Viewed', 'Export Finished', 'Invite Sent', 'Search Done']

export interface Loaded {
  readonly events: number
  readonly perSecond: number
  readonly p99Ms: number
}

const eventOf = (place: number) => ({
  type: 'track',
  messageId: randomUUID(),
  userId: `user-${place % 5_000}`,
  event: NAMES[place % NAMES.length],
  timestamp: new Date().toISOString(),
  context: { groupId: `account-${place % 1_000}` },
  properties: { rows: 12, format: 'csv' },
})

const bodies = (count: number): string[] =>
  Array.from({ length: count }, (_, body) =>
    JSON.stringify({ batch: Array.from({ length: BATCH }, (__, place) => eventOf(body * BATCH + place)) }),
  )

/** Sends `requests` batches, `distinct` different ones, to `url`. Throws where one was not answered by a 2xx. */
export const load = async (url: string, writeKey: string, requests: number, distinct = DISTINCT): Promise<Loaded> => {
  const made = bodies(distinct)
  let sent = 0
  const began = performance.now()
  const result = await autocannon({
    url,
    method: 'POST',
    connections: Math.min(CONNECTIONS, requests),
    amount: requests,
    timeout: 30,
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    // Each connection goes through its own list: what is sent next is asked of all of them together.
    requests: [{ setupRequest: (request) => ({ ...request, body: made[sent++ % made.length] ?? '' }) }],
  })
  const seconds = (performance.now() - began) / 1000
  const answered = result['2xx']
  if (answered !== requests)
    throw new Error(`${requests - answered} of ${requests} requests were not answered by a 2xx`)
  return { events: answered * BATCH, perSecond: (answered * BATCH) / seconds, p99Ms: result.latency.p99 }
}
