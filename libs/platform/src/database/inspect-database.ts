/** How far another clock is ahead of ours, in milliseconds; it was read between two readings of ours. */
export interface ClockAhead {
  readonly least: number
  readonly most: number
}

/** What a role finds in the database it works in. */
export interface DatabaseFacts {
  readonly database: string
  readonly role: string
  /** Of the server: `18.4`. */
  readonly version: string
  readonly clockAheadMs: ClockAhead
  readonly superuser: boolean
  /** Whether it may make tables, which migrations do. */
  readonly mayCreate: boolean
  /** Tables of its schema that are another role's: migrations cannot change them. */
  readonly foreignTables: readonly string[]
  /** Further databases of the server that it may connect to, but for `postgres` and templates. */
  readonly reachable: readonly string[]
}

/** Runs one statement and gives its rows. */
export type Ask = <Row extends object>(sql: string) => Promise<readonly Row[]>

interface FactsRow {
  database: string
  role: string
  version: string
  time: Date
  superuser: boolean
  mayCreate: boolean
  foreignTables: string[]
  reachable: string[]
}

const FACTS = `
  SELECT current_database() AS database, current_user::text AS role,
    split_part(current_setting('server_version'), ' ', 1) AS version, clock_timestamp() AS time,
    (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS "mayCreate",
    array(SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'p') AND NOT pg_has_role(c.relowner, 'USAGE')
      ORDER BY 1) AS "foreignTables",
    array(SELECT datname::text FROM pg_database
      WHERE datallowconn AND NOT datistemplate AND datname NOT IN ('postgres', current_database())
        AND has_database_privilege(oid, 'CONNECT') ORDER BY 1) AS reachable`

/** `now`: our clock. */
export const inspectDatabase = async (ask: Ask, now: () => Date): Promise<DatabaseFacts> => {
  const before = now().getTime()
  const [row] = await ask<FactsRow>(FACTS)
  const after = now().getTime()
  if (!row) throw new Error('the database told nothing of itself')
  const { time, ...facts } = row
  return { ...facts, clockAheadMs: { least: time.getTime() - after, most: time.getTime() - before } }
}
