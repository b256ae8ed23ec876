import { ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { Playbook, PlaybookDocument } from '../domain/playbook.ts'
import { newWebhookSecret, type SecretBox } from './secret-box.ts'

export interface StoredPlaybook extends Playbook {
  readonly latestVersion: number
  readonly storedAt: Date
  /** When the receiver said that this version's URL is gone. */
  readonly goneAt: Date | null
}

export interface PutResult {
  readonly playbook: StoredPlaybook
  /** A version was made. */
  readonly changed: boolean
  /** Of a new playbook: shown this once. */
  readonly secret?: string
}

interface VersionFields {
  readonly name: string
  readonly version: number
  readonly latest_version: number
  readonly document: PlaybookDocument
  readonly stored_at: Date
  readonly gone_at: Date | null
}

/** How long the secret before the last rotation signs as well, in hours. */
const PREVIOUS_SECRET_HOURS = 24

const SELECT = `
  SELECT v.name, v.version, p.latest_version, v.document, v.stored_at,
    CASE WHEN p.gone_url = v.document->'action'->>'url' THEN p.gone_at END AS gone_at
  FROM playbook p JOIN playbook_version v ON v.name = p.name`

const stored = (row: VersionFields): StoredPlaybook => ({
  name: row.name,
  version: row.version,
  latestVersion: row.latest_version,
  document: row.document,
  storedAt: row.stored_at,
  goneAt: row.gone_at,
})

const notFound = (name: string) =>
  new ProblemError({ code: 'PLAYBOOK_NOT_FOUND', status: 404, detail: `there is no such playbook or version: ${name}` })

const versionOf = async (tx: EntityManager, name: string, version?: number): Promise<StoredPlaybook> => {
  const [row] = await tx.query<VersionFields[]>(
    `${SELECT} AND v.version = coalesce($2, p.latest_version) WHERE v.name = $1`,
    [name, version ?? null],
  )
  if (row === undefined) throw notFound(name)
  return stored(row)
}

/** Playbooks, every version of them, and their secrets. */
export class Playbooks {
  constructor(
    private readonly source: DataSource,
    private readonly secrets: SecretBox,
  ) {}

  /** Makes a version unless the latest one is the same; opens an endpoint that was gone in either case. */
  put(name: string, document: PlaybookDocument, now: Date): Promise<PutResult> {
    return this.source.transaction(async (tx) => {
      const secret = await this.#introduce(tx, name)
      // By a statement of its own: one that waits for the lock reads the versions as they were before it waited.
      await tx.query(`SELECT FROM playbook WHERE name = $1 FOR UPDATE`, [name])
      const made = await tx.query<unknown[]>(
        `INSERT INTO playbook_version (name, version, document, stored_at)
         SELECT p.name, p.latest_version + 1, $2::jsonb, $3
         FROM playbook p LEFT JOIN playbook_version v ON v.name = p.name AND v.version = p.latest_version
         WHERE p.name = $1 AND v.document IS DISTINCT FROM $2::jsonb
         RETURNING version`,
        [name, JSON.stringify(document), now],
      )
      await tx.query(
        `UPDATE playbook SET latest_version = latest_version + $2, gone_url = NULL, gone_at = NULL WHERE name = $1`,
        [name, made.length],
      )
      const playbook = await versionOf(tx, name)
      return { playbook, changed: made.length > 0, ...(secret === undefined ? {} : { secret }) }
    })
  }

  /** A new secret; the one before it signs as well for a day. */
  async rotateSecret(name: string, now: Date): Promise<{ secret: string; previousUntil: Date }> {
    const secret = newWebhookSecret()
    const previousUntil = new Date(now.getTime() + PREVIOUS_SECRET_HOURS * 3_600_000)
    const rows = await this.source.query<{ name: string }[]>(
      `WITH rotated AS (
        UPDATE playbook SET secret = $2, previous_secret = secret, previous_secret_until = $3 WHERE name = $1
        RETURNING name)
       SELECT name FROM rotated`,
      [name, this.secrets.seal(secret, name), previousUntil],
    )
    if (rows.length === 0) throw notFound(name)
    return { secret, previousUntil }
  }

  async latest(): Promise<StoredPlaybook[]> {
    const rows = await this.source.query<VersionFields[]>(`${SELECT} AND v.version = p.latest_version ORDER BY v.name`)
    return rows.map(stored)
  }

  async page(after: string, limit: number): Promise<StoredPlaybook[]> {
    const rows = await this.source.query<VersionFields[]>(
      `${SELECT} AND v.version = p.latest_version WHERE v.name > $1 ORDER BY v.name LIMIT $2`,
      [after, limit],
    )
    return rows.map(stored)
  }

  /** A version of a playbook; the latest where none is named. */
  get(name: string, version?: number): Promise<StoredPlaybook> {
    return versionOf(this.source.manager, name, version)
  }

  async #introduce(tx: EntityManager, name: string): Promise<string | undefined> {
    const secret = newWebhookSecret()
    const made = await tx.query<unknown[]>(
      `INSERT INTO playbook (name, latest_version, secret) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING RETURNING name`,
      [name, this.secrets.seal(secret, name)],
    )
    return made.length > 0 ? secret : undefined
  }
}
