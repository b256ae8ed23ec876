// What the way from a ticket to its webhook must cost at the least, over the same log and Postgres: HTTP; one append of what
// came; uses added up by account and day, and what an account's score became appended; a run's row and the call. No key or
// signature is checked, nothing attributed, sealed, validated, deduplicated, scored, conditioned, or safe against a crash.
// A process of its own: `node bare-pipeline.ts <port> <url of the webhook>`.
import { type TopicDeclaration, topics } from '@banso/contracts'
import { type AppendRecord, type EventLog, type LogRecord, partitionOf } from '@banso/messaging'
import pg from 'pg'
import { Webhook } from 'standardwebhooks'
import { openLog } from '../open-log.ts'
import { endsOf } from '../progress.ts'
import { type BareReader, openReader } from './bare-reader.ts'
import { type BareServer, serve } from './bare-server.ts'
import { openFloor, positionsAfter } from './each-batch.ts'

/** Topics of the same shape, which no service reads. */
export const FLOOR_RECEIVED: TopicDeclaration = { ...topics.received, name: 'floor.received.v1' }
const CHANGES: TopicDeclaration = { ...topics.healthChanges, name: 'floor.changes.v1' }

export interface BarePipelineOptions {
  readonly port: number
  readonly brokers: string | undefined
  readonly logDatabaseUrl: string
  /** Where it has its tables. */
  readonly databaseUrl: string
  readonly webhook: { readonly url: string; readonly secret: string }
}

const TABLES = `
  DROP TABLE IF EXISTS floor_usage, floor_run, floor_place;
  CREATE TABLE floor_usage (account text, day date, count int NOT NULL, PRIMARY KEY (account, day));
  CREATE TABLE floor_run (account text PRIMARY KEY, started_at timestamptz NOT NULL DEFAULT now());
  CREATE TABLE floor_place (topic text, partition int, next bigint NOT NULL, PRIMARY KEY (topic, partition))`

const COUNT = `
  INSERT INTO floor_usage SELECT account, current_date, count FROM unnest($1::text[], $2::int[]) AS used (account, count)
  ON CONFLICT (account, day) DO UPDATE SET count = floor_usage.count + excluded.count`

const RUN = 'INSERT INTO floor_run SELECT unnest($1::text[]) ON CONFLICT DO NOTHING'

const ADVANCE = `
  INSERT INTO floor_place SELECT $1, * FROM unnest($2::int[], $3::bigint[])
  ON CONFLICT (topic, partition) DO UPDATE SET next = excluded.next`

interface Call {
  readonly userId: string
  readonly context: { readonly groupId: string }
}
interface Ticket {
  readonly organizationExternalId: string
}
interface Change {
  readonly account: string
  readonly band: 'amber' | 'red'
}

const MOST_AT_ONCE = 2_000

const appendable = (topic: TopicDeclaration, like: string, key: string, data: object): AppendRecord => ({
  topic: topic.name,
  partition: partitionOf(like, key),
  key,
  value: Buffer.from(JSON.stringify(data)),
  headers: {},
})
const rawOf = (key: string, data: object): AppendRecord => appendable(FLOOR_RECEIVED, topics.received.name, key, data)
const changeOf = (change: Change): AppendRecord =>
  appendable(CHANGES, topics.healthChanges.name, change.account, change)

/** A batch of usage, or a ticket, by where it was sent. */
const recordsOf = (body: string, url: string): AppendRecord[] => {
  if (url.endsWith('/batch'))
    return (JSON.parse(body) as { batch: Call[] }).batch.map((call) => rawOf(`product/${call.userId}`, call))
  const ticket = JSON.parse(body) as Ticket
  return [rawOf(`desk/${ticket.organizationExternalId}`, ticket)]
}

const dataOf = ({ value }: LogRecord): unknown => JSON.parse(value.toString())

/** What a batch does in Postgres, with how far its topic has come then. */
const commit = async (database: pg.Client, records: readonly LogRecord[], sql: string, values: unknown[][]) => {
  await database.query('BEGIN')
  await database.query(sql, values)
  await database.query(ADVANCE, [records[0]?.topic, ...positionsAfter(records)])
  await database.query('COMMIT')
}

/** A ticket turns its account red. */
const fold = async (database: pg.Client, log: EventLog, records: readonly LogRecord[]): Promise<void> => {
  const [counts, bands] = [new Map<string, number>(), new Map<string, Change['band']>()]
  for (const { context, organizationExternalId } of records.map((record) => dataOf(record) as Partial<Call & Ticket>)) {
    if (organizationExternalId) bands.set(organizationExternalId, 'red')
    else if (context) counts.set(context.groupId, (counts.get(context.groupId) ?? 0) + 1)
  }
  for (const account of counts.keys()) if (!bands.has(account)) bands.set(account, 'amber')
  await commit(database, records, COUNT, [[...counts.keys()], [...counts.values()]])
  await log.append([...bands].map(([account, band]) => changeOf({ account, band })))
}

const act = async (
  database: pg.Client,
  { url, secret }: BarePipelineOptions['webhook'],
  records: readonly LogRecord[],
): Promise<void> => {
  const red = records.map((record) => dataOf(record) as Change).filter(({ band }) => band === 'red')
  const accounts = red.map(({ account }) => account)
  await commit(database, records, RUN, [accounts])
  const webhook = new Webhook(secret)
  await Promise.all(
    accounts.map(async (account) => {
      const [id, at, body] = [
        `floor-${account}`,
        new Date(),
        JSON.stringify({ account: { id: account }, playbook: 'floor' }),
      ]
      const timestamp = String(Math.floor(at.getTime() / 1000))
      const signed = {
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': webhook.sign(id, at, body),
      }
      await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json', ...signed } })
    }),
  )
}

const eachArrival = async (
  reader: BareReader,
  handle: (records: readonly LogRecord[]) => Promise<void>,
): Promise<void> => {
  for (;;) {
    const records = await reader.take(1, MOST_AT_ONCE)
    if (records.length === 0) return
    await handle(records)
  }
}

/** Runs until it is closed. */
export const startBarePipeline = async (options: BarePipelineOptions): Promise<BareServer> => {
  const { brokers, databaseUrl } = options
  const log = openLog(brokers, options.logDatabaseUrl)
  await log.ensureTopics([FLOOR_RECEIVED, CHANGES])
  const [folding, acting] = [await openFloor(databaseUrl, TABLES), new pg.Client(databaseUrl)]
  await acting.connect()
  const readerOf = async ({ name }: TopicDeclaration) => openReader({ log, brokers }, name, await endsOf(log, name))
  const readers = [await readerOf(FLOOR_RECEIVED), await readerOf(CHANGES)] as const
  const loops = Promise.all([
    eachArrival(readers[0], (records) => fold(folding, log, records)),
    eachArrival(readers[1], (records) => act(acting, options.webhook, records)),
  ])
  const server = await serve(options.port, '{"results":[]}', (body, url) => log.append(recordsOf(body, url)))
  return {
    url: server.url,
    close: async () => {
      await server.close()
      await Promise.all(readers.map((reader) => reader.close()))
      await loops
      await Promise.all([folding.end(), acting.end(), log.close()])
    },
  }
}

if (import.meta.main) {
  const [port = '', url = ''] = process.argv.slice(2)
  const {
    KAFKA_BROKERS: brokers,
    BANSO_LOG_DATABASE_URL: logDatabaseUrl = '',
    FLOOR_DATABASE_URL: databaseUrl = '',
    FLOOR_WEBHOOK_SECRET: secret = '',
  } = process.env
  const webhook = { url, secret }
  const running = await startBarePipeline({ port: Number(port), brokers, logDatabaseUrl, databaseUrl, webhook })
  process.once('SIGTERM', () => void running.close().finally(() => process.exit(0)))
}
