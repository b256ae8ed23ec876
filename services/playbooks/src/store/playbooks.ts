import type { Blueprints, StoredBlueprint } from '@banso/blueprints'
import { ProblemError } from '@banso/platform'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { DataSource, EntityManager } from 'typeorm'
import type { PlaybookDocument } from '../domain/document.ts'
import { type PlaybookAtHand, PlaybooksAtHand } from '../domain/playbooks-at-hand.ts'
import { PlaybookOutdatedError } from '../domain/program.ts'
import { urlsOf } from '../domain/steps.ts'
import { documentOf } from '../keep-playbooks/document-of.ts'
import { PLAYBOOK_KIND, playbookSchema } from '../keep-playbooks/playbook-schema.ts'
import { newWebhookSecret, type SecretBox } from './secret-box.ts'

export interface StoredPlaybook extends PlaybookAtHand {
  readonly latestVersion: number
  readonly storedAt: Date
  /** When a receiver said that one of this version's URLs is gone. */
  readonly goneAt: Date | null
}

export type PlaybookRef = Pick<PlaybookAtHand, 'name' | 'version'>

/** A newest version, and what is kept beside versions. */
export interface LatestPlaybook extends PlaybookAtHand {
  /** When a document first made it active; null: none has. */
  readonly activeSince: Date | null
  /** When its first activation looked for accounts that were already as its trigger says. */
  readonly enrolledAt: Date | null
}

interface BesideFields {
  readonly name: string
  readonly active_since: Date | null
  readonly enrolled_at: Date | null
}

// Read as they were stored: one that no longer fits must not take the others with it.
const STORED = { kind: PLAYBOOK_KIND, schema: Type.Unknown() }
const specs = Compile(playbookSchema)

/** How long the secret before the last rotation signs as well, in hours. */
const PREVIOUS_SECRET_HOURS = 24

const atHand = ({ name, version, spec }: StoredBlueprint): PlaybookAtHand => {
  if (specs.Check(spec)) return { name, version, document: documentOf(spec) }
  throw new PlaybookOutdatedError(`${name}, version ${version}, is not valid in this release: apply it anew`)
}

const notFound = (name: string) =>
  new ProblemError({ code: 'PLAYBOOK_NOT_FOUND', status: 404, detail: `there is no such playbook or version: ${name}` })

/** Playbooks, every version of them, and their secrets. */
export class Playbooks extends PlaybooksAtHand {
  constructor(
    private readonly source: DataSource,
    private readonly blueprints: Blueprints,
    private readonly secrets: SecretBox,
  ) {
    super()
  }

  override async find(tx: EntityManager, name: string): Promise<PlaybookAtHand | undefined> {
    const found = await this.blueprints.version(tx, STORED, name)
    return found && atHand(found)
  }

  override async exists(tx: EntityManager, name: string): Promise<boolean> {
    return (await this.blueprints.version(tx, STORED, name)) !== undefined
  }

  override async all(tx: EntityManager): Promise<readonly PlaybookAtHand[]> {
    return (await this.#newest(tx)).filter(({ spec }) => specs.Check(spec)).map(atHand)
  }

  /** The newest versions, with what is beside them, and which of them are not valid in this release, in one snapshot. */
  latest(): Promise<{ valid: LatestPlaybook[]; outdated: PlaybookRef[] }> {
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      const beside = await tx.query<BesideFields[]>(`SELECT name, active_since, enrolled_at FROM playbook`)
      const byName = new Map(beside.map((row) => [row.name, row]))
      const newest = await this.#newest(tx)
      const [valid, outdated] = [true, false].map((fits) => newest.filter(({ spec }) => specs.Check(spec) === fits))
      return {
        valid: (valid ?? []).map((playbook) => {
          const row = byName.get(playbook.name)
          return { ...atHand(playbook), activeSince: row?.active_since ?? null, enrolledAt: row?.enrolled_at ?? null }
        }),
        outdated: (outdated ?? []).map(({ name, version }) => ({ name, version })),
      }
    })
  }

  /** A version of a playbook, in a transaction. */
  async version(tx: EntityManager, name: string, version: number): Promise<PlaybookAtHand | undefined> {
    const found = await this.blueprints.version(tx, STORED, name, version)
    return found && atHand(found)
  }

  /** A version of a playbook; the latest where none is named. */
  get(name: string, version?: number): Promise<StoredPlaybook> {
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      const latest = await this.blueprints.version(tx, STORED, name)
      const found = version === undefined ? latest : await this.blueprints.version(tx, STORED, name, version)
      if (latest === undefined || found === undefined) throw notFound(name)
      const [shown] = await this.#shown(tx, [found])
      if (shown === undefined) throw notFound(name)
      return { ...shown, latestVersion: latest.version }
    })
  }

  /** The newest versions behind a name, by name, but those that are not valid in this release. */
  async page(after: string, limit: number): Promise<StoredPlaybook[]> {
    const { manager } = this.source
    const all = await this.#newest(manager)
    return this.#shown(manager, all.filter(({ name, spec }) => name > after && specs.Check(spec)).slice(0, limit))
  }

  /** Keeps what goes beside a version that was just stored; gives the webhook secret of a new playbook, this once. */
  async introduce(
    tx: EntityManager,
    name: string,
    { enabled, mode }: PlaybookDocument,
    now: Date,
  ): Promise<{ secret?: string }> {
    const secret = newWebhookSecret()
    const made = await tx.query<unknown[]>(
      `INSERT INTO playbook (name, secret) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING name`,
      [name, this.secrets.seal(secret, name)],
    )
    if (enabled && mode === 'active')
      await tx.query(`UPDATE playbook SET active_since = coalesce(active_since, $2) WHERE name = $1`, [name, now])
    await this.openEndpoints(name, tx)
    return made.length > 0 ? { secret } : {}
  }

  /** Lets webhooks go again where a receiver had said that its URL is gone. */
  async openEndpoints(name: string, tx: EntityManager = this.source.manager): Promise<void> {
    await tx.query(`DELETE FROM gone_endpoint WHERE playbook = $1`, [name])
  }

  async underWay(tx: EntityManager, name: string): Promise<number> {
    const [row] = await tx.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM run WHERE playbook = $1 AND state = 'running'`,
      [name],
    )
    return row?.count ?? 0
  }

  /** True for the one that may look for accounts that are already as the trigger says. */
  async beginEnrolment(tx: EntityManager, name: string, now: Date): Promise<boolean> {
    const [rows] = await tx.query<[unknown[], number]>(
      `UPDATE playbook SET enrolled_at = $2 WHERE name = $1 AND enrolled_at IS NULL RETURNING name`,
      [name, now],
    )
    return rows.length > 0
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

  #newest(tx: EntityManager): Promise<StoredBlueprint[]> {
    return this.blueprints.latest(tx, STORED)
  }

  async #shown(tx: EntityManager, found: readonly StoredBlueprint[]): Promise<StoredPlaybook[]> {
    const shown = found.map((one) => ({ ...atHand(one), latestVersion: one.version, storedAt: one.appliedAt }))
    const endpoints = shown.flatMap(({ name, document }) => urlsOf(document.steps).map((url) => ({ name, url })))
    const rows = await tx.query<{ playbook: string; gone_at: Date }[]>(
      `SELECT g.playbook, min(g.gone_at) AS gone_at FROM unnest($1::text[], $2::text[]) AS e(playbook, url)
       JOIN gone_endpoint g ON g.playbook = e.playbook AND g.url_digest = sha256(convert_to(e.url, 'UTF8'))
       GROUP BY g.playbook`,
      [endpoints.map(({ name }) => name), endpoints.map(({ url }) => url)],
    )
    const gone = new Map(rows.map((row) => [row.playbook, row.gone_at]))
    return shown.map((one) => ({ ...one, goneAt: gone.get(one.name) ?? null }))
  }
}
