// What sorting must cost at the least: reading the raw records, one row per event under its name, one append of as many
// records to as many partitions, and the position. Nothing is attributed, sealed, validated or remembered of persons.
import { topics } from '@banso/contracts'
import { type AppendRecord, type EventLog, type LogRecord, partitionOf } from '@banso/messaging'
import pg from 'pg'
import type { Mark } from '../pace.ts'

const RAW = topics.received.name
const TYPED = topics.usageEvents.name

const TABLES = `
  DROP TABLE IF EXISTS floor_receipt, floor_position;
  CREATE TABLE floor_receipt (
    source text, message_id text, raw_partition int, raw_offset bigint, received_at timestamptz, sorted_at timestamptz,
    PRIMARY KEY (source, message_id)) WITH (autovacuum_enabled = false);
  CREATE TABLE floor_position (partition int PRIMARY KEY, next bigint NOT NULL)`

const KEEP = `
  INSERT INTO floor_receipt SELECT source, id, partition, at, now(), now()
  FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS heard (source, id, partition, at)
  ON CONFLICT DO NOTHING`

const ADVANCE = `
  INSERT INTO floor_position SELECT * FROM unnest($1::int[], $2::bigint[])
  ON CONFLICT (partition) DO UPDATE SET next = excluded.next`

export interface SorterFloorRun {
  /** Where each raw partition begins and ends. */
  readonly from: ReadonlyMap<number, number>
  readonly to: ReadonlyMap<number, number>
  /** Records of one transaction, over all partitions. */
  readonly batch: number
}

export const openSorterFloor = async (databaseUrl: string): Promise<pg.Client> => {
  const database = new pg.Client(databaseUrl)
  await database.connect()
  await database.query(TABLES)
  return database
}

const typedOf = ({ key, value, headers }: LogRecord): AppendRecord => {
  const data: unknown = JSON.parse(value.toString())
  return { topic: TYPED, partition: partitionOf(TYPED, key), key, value: Buffer.from(JSON.stringify(data)), headers }
}

const receiptsOf = (records: readonly LogRecord[]): unknown[][] => [
  records.map(({ headers }) => headers['ce_source'] ?? ''),
  records.map(({ partition, offset }) => `${partition}/${offset}`),
  records.map(({ partition }) => partition),
  records.map(({ offset }) => offset),
]

/** Appends to the real typed topic: nobody may be reading it. */
export const runSorterFloor = async (
  database: pg.Client,
  log: Pick<EventLog, 'read' | 'append'>,
  { from, to, batch }: SorterFloorRun,
): Promise<Mark[]> => {
  const next = new Map(from)
  const share = Math.max(1, Math.ceil(batch / from.size))
  const marks: Mark[] = []
  for (let done = 0; ;) {
    const open = [...next].filter(([partition, at]) => at < (to.get(partition) ?? 0))
    if (open.length === 0) return marks
    const read = await Promise.all(open.map(([partition, at]) => log.read({ topic: RAW, partition }, at, share)))
    for (const [index, [partition]] of open.entries())
      next.set(partition, (read[index]?.at(-1)?.offset ?? Infinity) + 1)
    const records = read.flat()
    await database.query('BEGIN')
    await database.query(KEEP, receiptsOf(records))
    await database.query('COMMIT')
    await log.append(records.map(typedOf))
    await database.query(ADVANCE, [
      open.map(([partition]) => partition),
      open.map(([partition]) => next.get(partition)),
    ])
    done += records.length
    marks.push({ at: performance.now(), done, cpu: {} })
  }
}
