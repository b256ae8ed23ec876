// How every floor reads a log: all partitions at once, a batch of their records at a time, until all was read.
import type { EventLog, LogRecord } from '@banso/messaging'
import pg from 'pg'
import type { Mark } from '../pace.ts'

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

export const eachBatch = async (
  log: Pick<EventLog, 'read'>,
  topic: string,
  { from, to, batch }: FloorRun,
  handle: (records: readonly LogRecord[], positions: Positions) => Promise<void>,
): Promise<Mark[]> => {
  const next = new Map(from)
  const share = Math.max(1, Math.ceil(batch / from.size))
  const marks: Mark[] = []
  for (let done = 0; ;) {
    const open = [...next].filter(([partition, at]) => at < (to.get(partition) ?? 0))
    if (open.length === 0) return marks
    const read = await Promise.all(open.map(([partition, at]) => log.read({ topic, partition }, at, share)))
    for (const [index, [partition]] of open.entries())
      next.set(partition, (read[index]?.at(-1)?.offset ?? Infinity) + 1)
    const records = read.flat()
    const partitions = open.map(([partition]) => partition)
    await handle(records, [partitions, partitions.map((partition) => next.get(partition) ?? 0)])
    done += records.length
    marks.push({ at: performance.now(), done, cpu: {} })
  }
}
