// What folding usage must cost at the least: reading the records, and one upsert per batch of the facts in them, with the
// position, in a transaction. Nothing is validated, locked, scored or told.
import type { EventLog, LogRecord } from '@banso/messaging'
import pg from 'pg'
import { type Mark } from '../pace.ts'
import { TOPIC } from '../usage-stream.ts'

interface Use {
  readonly accountId: string
  readonly personId: string
  readonly kind: string
  readonly name: string
  readonly receivedAt: string
}

// As health's table of facts, but for its further indexes; nothing tidies it up while health is measured.
const TABLES = `
  DROP TABLE IF EXISTS floor_fact, floor_position;
  CREATE TABLE floor_fact (LIKE usage_fact) WITH (fillfactor = 90, autovacuum_enabled = false);
  INSERT INTO floor_fact SELECT * FROM usage_fact;
  ALTER TABLE floor_fact ADD PRIMARY KEY (account_id, day, person_id, kind, name, known_on);
  CREATE TABLE floor_position (partition int PRIMARY KEY, next bigint NOT NULL)`

const UPSERT = `
  INSERT INTO floor_fact (account_id, day, person_id, kind, name, known_on, count)
  SELECT * FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::int[])
  ON CONFLICT (account_id, day, person_id, kind, name, known_on)
  DO UPDATE SET count = floor_fact.count + excluded.count`

const ADVANCE = `
  INSERT INTO floor_position SELECT * FROM unnest($1::int[], $2::bigint[])
  ON CONFLICT (partition) DO UPDATE SET next = excluded.next`

const columnsOf = (records: readonly LogRecord[]): unknown[][] => {
  const facts = new Map<string, { use: Use; day: string; knownOn: string; count: number }>()
  for (const { value, headers } of records) {
    const use = JSON.parse(value.toString()) as Use
    const [day, knownOn] = [(headers['ce_time'] ?? '').slice(0, 10), use.receivedAt.slice(0, 10)]
    const key = `${use.accountId} ${day} ${use.personId} ${use.kind} ${knownOn} ${use.name}`
    const fact = facts.get(key)
    if (fact) fact.count += 1
    else facts.set(key, { use, day, knownOn, count: 1 })
  }
  const all = [...facts.values()]
  return [
    all.map(({ use }) => use.accountId),
    all.map(({ day }) => day),
    all.map(({ use }) => use.personId),
    all.map(({ use }) => use.kind),
    all.map(({ use }) => use.name),
    all.map(({ knownOn }) => knownOn),
    all.map(({ count }) => count),
  ]
}

export interface FloorRun {
  /** Where each partition begins and ends. */
  readonly from: ReadonlyMap<number, number>
  readonly to: ReadonlyMap<number, number>
  /** Records of one transaction, over all partitions. */
  readonly batch: number
}

/** Empty but for what health knows already: both begin with the same rows. */
export const openFloor = async (healthDatabase: string): Promise<pg.Client> => {
  const database = new pg.Client(healthDatabase)
  await database.connect()
  await database.query(TABLES)
  return database
}

export const runFloor = async (
  database: pg.Client,
  log: Pick<EventLog, 'read'>,
  { from, to, batch }: FloorRun,
): Promise<Mark[]> => {
  const next = new Map(from)
  const share = Math.max(1, Math.ceil(batch / from.size))
  const marks: Mark[] = []
  for (let done = 0; ;) {
    const open = [...next].filter(([partition, at]) => at < (to.get(partition) ?? 0))
    if (open.length === 0) return marks
    const read = await Promise.all(open.map(([partition, at]) => log.read({ topic: TOPIC.name, partition }, at, share)))
    for (const [index, [partition]] of open.entries())
      next.set(partition, (read[index]?.at(-1)?.offset ?? Infinity) + 1)
    const records = read.flat()
    await database.query('BEGIN')
    await database.query(UPSERT, columnsOf(records))
    await database.query(ADVANCE, [
      open.map(([partition]) => partition),
      open.map(([partition]) => next.get(partition)),
    ])
    await database.query('COMMIT')
    done += records.length
    marks.push({ at: performance.now(), done, cpu: {} })
  }
}
