// What sorting must cost at the least: reading the raw records, one row per event under its name, one append of as many
// records to as many partitions, and the position. Nothing is attributed, sealed, validated or remembered of persons.
import { topics } from '@banso/contracts'
import { type AppendRecord, type LogRecord, partitionOf } from '@banso/messaging'
import type pg from 'pg'
import type { Mark } from '../pace.ts'
import type { FloorLog } from './bare-reader.ts'
import { ADVANCE, eachBatch, type FloorRun, openFloor, POSITIONS } from './each-batch.ts'

const RAW = topics.received.name
const TYPED = topics.usageEvents.name

const TABLES = `
  DROP TABLE IF EXISTS floor_receipt, floor_position;
  CREATE TABLE floor_receipt (
    source text, message_id text, raw_partition int, raw_offset bigint, received_at timestamptz, sorted_at timestamptz,
    PRIMARY KEY (source, message_id)) WITH (autovacuum_enabled = false);
  ${POSITIONS}`

const KEEP = `
  INSERT INTO floor_receipt SELECT source, id, partition, at, now(), now()
  FROM unnest($1::text[], $2::text[], $3::int[], $4::bigint[]) AS heard (source, id, partition, at)
  ON CONFLICT DO NOTHING`

export const openSorterFloor = (databaseUrl: string): Promise<pg.Client> => openFloor(databaseUrl, TABLES)

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
export const runSorterFloor = (database: pg.Client, source: FloorLog, run: FloorRun): Promise<Mark[]> =>
  eachBatch(source, RAW, run, async (records, positions) => {
    await database.query(KEEP, receiptsOf(records))
    await source.log.append(records.map(typedOf))
    await database.query(ADVANCE, [...positions])
  })
