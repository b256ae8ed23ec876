// What folding usage must cost at the least: reading the records, and one upsert per batch of the facts in them, with the
// position, in a transaction. Nothing is validated, locked, scored or told.
import type { LogRecord } from '@banso/messaging'
import type pg from 'pg'
import type { Mark } from '../pace.ts'
import { TOPIC } from '../usage-stream.ts'
import type { FloorLog } from './bare-reader.ts'
import { ADVANCE, eachBatch, type FloorRun, openFloor, POSITIONS } from './each-batch.ts'

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
  ${POSITIONS}`

const UPSERT = `
  INSERT INTO floor_fact (account_id, day, person_id, kind, name, known_on, count)
  SELECT * FROM unnest($1::uuid[], $2::date[], $3::uuid[], $4::text[], $5::text[], $6::date[], $7::int[])
  ON CONFLICT (account_id, day, person_id, kind, name, known_on)
  DO UPDATE SET count = floor_fact.count + excluded.count`

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

/** How many uses a table of facts holds. */
export const usesIn = async (
  database: Pick<pg.Client, 'query'>,
  table: 'usage_fact' | 'floor_fact',
): Promise<number> => {
  const { rows } = await database.query<{ uses: string | null }>(`SELECT sum(count) AS uses FROM ${table}`)
  return Number(rows[0]?.uses ?? 0)
}

/** Empty but for what health knows already: both begin with the same rows. */
export const openUsageFloor = (healthDatabase: string): Promise<pg.Client> => openFloor(healthDatabase, TABLES)

export const runUsageFloor = (database: pg.Client, source: FloorLog, run: FloorRun): Promise<Mark[]> =>
  eachBatch(source, TOPIC.name, run, async (records, positions) => {
    await database.query('BEGIN')
    await database.query(UPSERT, columnsOf(records))
    await database.query(ADVANCE, [...positions])
    await database.query('COMMIT')
  })
