// How every floor works through what is in a log: a batch of records of all partitions at a time, until all was read.
import type { LogRecord } from '@banso/messaging'
import pg from 'pg'
import type { Mark } from '../pace.ts'
import { sumOf } from '../progress.ts'
import { type FloorLog, openReader } from './bare-reader.ts'

export interface FloorRun {
  /** Where each partition begins and ends. */
  readonly from: ReadonlyMap<number, number>
  readonly to: ReadonlyMap<number, number>
  /** Records of one transaction, over all partitions. */
  readonly batch: number
}

/** Partitions, and where each is to go on after the batch. */
export type Positions = readonly [partitions: readonly number[], next: readonly number[]]

/** The table of a floor's positions, and the statement that moves them. */
export const POSITIONS = 'CREATE TABLE floor_position (partition int PRIMARY KEY, next bigint NOT NULL)'
export const ADVANCE = `
  INSERT INTO floor_position SELECT * FROM unnest($1::int[], $2::bigint[])
  ON CONFLICT (partition) DO UPDATE SET next = excluded.next`

/** A connection to the database in which the floor has its tables beside the service's, made anew. */
export const openFloor = async (databaseUrl: string, tables: string): Promise<pg.Client> => {
  const database = new pg.Client(databaseUrl)
  await database.connect()
  await database.query(tables)
  return database
}

/** Where each partition of a batch is to go on after it. */
export const positionsAfter = (records: readonly LogRecord[]): Positions => {
  const next = new Map(records.map(({ partition, offset }) => [partition, offset + 1]))
  return [[...next.keys()], [...next.values()]]
}

export const eachBatch = async (
  log: FloorLog,
  topic: string,
  { from, to, batch }: FloorRun,
  handle: (records: readonly LogRecord[], positions: Positions) => Promise<void>,
): Promise<Mark[]> => {
  const reader = await openReader(log, topic, from)
  const total = sumOf(to) - sumOf(from)
  const marks: Mark[] = []
  try {
    for (let done = 0; done < total;) {
      const wanted = Math.min(batch, total - done)
      const records = await reader.take(wanted, wanted)
      await handle(records, positionsAfter(records))
      done += records.length
      marks.push({ at: performance.now(), done, cpu: {} })
    }
    return marks
  } finally {
    await reader.close()
  }
}
