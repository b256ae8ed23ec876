import type { TopicDeclaration } from '@banso/contracts'
import type { Pool, PoolClient } from 'pg'
import { TopicMismatchError } from '../errors.ts'
import { MISSING, type TopicDifferences } from '../event-log.ts'
import { inTransaction, LOCK_CLASS, LOCKS } from './schema.ts'

export interface EmbeddedTopic {
  readonly id: number
  readonly name: string
  readonly partitions: number
  readonly retentionMs: number | null
  readonly compacted: boolean
  readonly trimmed: boolean
  readonly maxRecordBytes: number
}

interface TopicRow {
  id: number
  name: string
  partitions: number
  retention_ms: string | null
  compacted: boolean
  trimmed: boolean
  max_record_bytes: number
}

const SETTINGS = ['partitions', 'retentionMs', 'compacted', 'trimmed', 'maxRecordBytes'] as const

/** The topics of the log, remembered once seen: their settings never change. */
export class EmbeddedTopics {
  readonly #pool: Pool
  readonly #byName = new Map<string, EmbeddedTopic>()

  constructor(pool: Pool) {
    this.#pool = pool
  }

  /** Throws `TopicMismatchError` for a name that has not been seen by `find` or `ensure`. */
  known(name: string): EmbeddedTopic {
    const topic = this.#byName.get(name)
    if (!topic) throw new TopicMismatchError(`there is no topic ${name} in the log`)
    return topic
  }

  /** Throws `TopicMismatchError` when one of them does not exist. */
  async find(names: Iterable<string>): Promise<readonly EmbeddedTopic[]> {
    const wanted = [...new Set(names)]
    if (wanted.some((name) => !this.#byName.has(name))) await this.#load(this.#pool)
    return wanted.map((name) => this.known(name))
  }

  async ensure(declarations: readonly TopicDeclaration[]): Promise<void> {
    await inTransaction(this.#pool, async (client) => {
      await client.query('select pg_advisory_xact_lock($1, $2)', [LOCK_CLASS, LOCKS.topics])
      await client.query(
        `with made as (
           insert into topic (name, partitions, retention_ms, compacted, trimmed, max_record_bytes)
           select * from unnest($1::text[], $2::int[], $3::bigint[], $4::bool[], $5::bool[], $6::int[])
           on conflict (name) do nothing
           returning id, partitions
         )
         insert into partition (topic_id, partition)
         select id, generate_series(0, partitions - 1) from made`,
        [
          declarations.map(({ name }) => name),
          declarations.map(({ partitions }) => partitions),
          declarations.map(({ retentionMs }) => retentionMs),
          declarations.map(({ compacted }) => compacted),
          declarations.map(({ trimmed }) => trimmed),
          declarations.map(({ maxRecordBytes }) => maxRecordBytes),
        ],
      )
      await this.#load(client)
    })
    for (const declared of declarations) {
      const differences = differencesOf(this.known(declared.name), declared)
      if (differences.length > 0) throw new TopicMismatchError(`topic ${declared.name}: ${differences.join('; ')}`)
    }
  }

  /** The topics that are not as declared, as the database has them now. */
  async inspect(declarations: readonly TopicDeclaration[]): Promise<TopicDifferences[]> {
    await this.#load(this.#pool)
    const compared = declarations.map((declared) => {
      const found = this.#byName.get(declared.name)
      return { topic: declared.name, differences: found ? differencesOf(found, declared) : [MISSING] }
    })
    return compared.filter(({ differences }) => differences.length > 0)
  }

  async #load(database: Pool | PoolClient): Promise<void> {
    const { rows } = await database.query<TopicRow>(
      'select id, name, partitions, retention_ms, compacted, trimmed, max_record_bytes from topic',
    )
    // Added, never replaced: an answer that was overtaken must not take away what a later one brought.
    for (const row of rows) this.#byName.set(row.name, toTopic(row))
  }
}

const differencesOf = (found: EmbeddedTopic, declared: TopicDeclaration): string[] =>
  SETTINGS.filter((setting) => found[setting] !== declared[setting]).map(
    (setting) => `${setting} is ${found[setting]}, declared is ${declared[setting]}`,
  )

const toTopic = (row: TopicRow): EmbeddedTopic => ({
  id: row.id,
  name: row.name,
  partitions: row.partitions,
  retentionMs: row.retention_ms === null ? null : Number(row.retention_ms),
  compacted: row.compacted,
  trimmed: row.trimmed,
  maxRecordBytes: row.max_record_bytes,
})
