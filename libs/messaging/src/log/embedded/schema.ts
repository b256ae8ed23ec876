import type { Pool, PoolClient } from 'pg'

/** First argument of every advisory lock of this adapter; the second names what is locked. */
export const LOCK_CLASS = 7_420_001
export const LOCKS = { schema: 1, topics: 2, housekeeping: 3 } as const

const SCHEMA = `
  create table if not exists log_identity (
    one boolean primary key default true check (one),
    id uuid not null default gen_random_uuid()
  );
  insert into log_identity default values on conflict do nothing;

  create table if not exists topic (
    id integer generated always as identity primary key,
    name text not null unique,
    partitions integer not null,
    retention_ms bigint,
    compacted boolean not null,
    trimmed boolean not null,
    max_record_bytes integer not null
  );

  create table if not exists partition (
    topic_id integer not null references topic (id),
    partition integer not null,
    start_offset bigint not null default 0,
    next_offset bigint not null default 0,
    primary key (topic_id, partition)
  ) with (fillfactor = 50);

  create table if not exists record (
    topic_id integer not null,
    partition integer not null,
    "offset" bigint not null,
    appended_at timestamptz not null,
    compacted boolean not null,
    key bytea not null,
    headers json not null,
    value bytea not null,
    primary key (topic_id, partition, "offset")
  );
  create index if not exists record_compaction on record (topic_id, partition, key, "offset") where compacted;

  create table if not exists member (
    group_name text not null,
    id uuid not null,
    topics text[] not null,
    alive_until timestamptz not null,
    primary key (group_name, id)
  ) with (fillfactor = 50);

  create table if not exists lease (
    group_name text not null,
    topic_id integer not null,
    partition integer not null,
    member uuid not null,
    until timestamptz not null,
    primary key (group_name, topic_id, partition)
  ) with (fillfactor = 50);
`

const ignore = (): void => undefined

const release = (client: PoolClient, broken: boolean): void => {
  client.off('error', ignore)
  client.release(broken)
}

/** Runs `run` in one transaction; a connection whose transaction failed is not used again. */
export const inTransaction = async <R>(pool: Pool, run: (client: PoolClient) => Promise<R>): Promise<R> => {
  const client = await pool.connect()
  // A connection cut between two statements would else end the process; the next statement fails.
  client.on('error', ignore)
  try {
    await client.query('begin')
    const result = await run(client)
    await client.query('commit')
    release(client, false)
    return result
  } catch (fault) {
    release(client, true)
    throw fault
  }
}

/** Makes the tables that are missing; several processes may do it at once. Resolves with the id of the log. */
export const prepareSchema = async (pool: Pool): Promise<string> => {
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK_CLASS, LOCKS.schema])
    await client.query(SCHEMA)
  })
  const { rows } = await pool.query<{ id: string }>('select id from log_identity')
  const [identity] = rows
  if (!identity) throw new Error('the log database has lost its identity')
  return identity.id
}
