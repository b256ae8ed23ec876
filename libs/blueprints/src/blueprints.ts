import { ProblemError } from '@banso/platform'
import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { EntityManager } from 'typeorm'
import type { Blueprint, KindOfBlueprint, StoredBlueprint } from './blueprint.ts'

interface VersionFields {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly document: Pick<Blueprint, 'title' | 'spec'>
  readonly applied_at: Date
}

/** A line of the list of all blueprints. */
export interface BlueprintEntry {
  readonly kind: string
  readonly name: string
  readonly version: number
  readonly appliedAt: Date
}

const SELECT = `
  SELECT v.kind, v.name, v.version, v.document, v.applied_at
  FROM blueprint b JOIN blueprint_version v ON v.kind = b.kind AND v.name = b.name`

const stored = (row: VersionFields): StoredBlueprint => ({
  kind: row.kind,
  name: row.name,
  ...(row.document.title && { title: row.document.title }),
  spec: row.document.spec,
  version: row.version,
  appliedAt: row.applied_at,
})

/** Every version of a service's blueprints. Reads are typed by the kind that is asked for. */
export class Blueprints {
  readonly #checks = new Map<TSchema, (spec: unknown) => boolean>()

  /** The newest version of each name, by name. */
  async latest<Spec extends TSchema>(
    tx: EntityManager,
    kind: KindOfBlueprint<Spec>,
  ): Promise<StoredBlueprint<Static<Spec>>[]> {
    const rows = await tx.query<VersionFields[]>(
      `${SELECT} AND v.version = b.latest_version WHERE b.kind = $1 ORDER BY b.name`,
      [kind.kind],
    )
    return rows.map((row) => this.#typed(kind, stored(row)))
  }

  /** Every version of each name, by name, oldest first. */
  async all<Spec extends TSchema>(
    tx: EntityManager,
    kind: KindOfBlueprint<Spec>,
  ): Promise<StoredBlueprint<Static<Spec>>[]> {
    const rows = await tx.query<VersionFields[]>(`${SELECT} WHERE b.kind = $1 ORDER BY b.name, v.version`, [kind.kind])
    return rows.map((row) => this.#typed(kind, stored(row)))
  }

  /** One version; the newest where none is named. */
  async version<Spec extends TSchema>(
    tx: EntityManager,
    kind: KindOfBlueprint<Spec>,
    name: string,
    version?: number,
  ): Promise<StoredBlueprint<Static<Spec>> | undefined> {
    const found = await this.find(tx, kind.kind, name, version)
    return found && this.#typed(kind, found)
  }

  /** As `version`, by the kind's name, of whatever schema it was. */
  async find(tx: EntityManager, kind: string, name: string, version?: number): Promise<StoredBlueprint | undefined> {
    const [row] = await tx.query<VersionFields[]>(
      `${SELECT} AND v.version = coalesce($3, b.latest_version) WHERE b.kind = $1 AND b.name = $2`,
      [kind, name, version ?? null],
    )
    return row && stored(row)
  }

  /** Kind, name and newest version of everything, in order, after a given one. */
  async page(tx: EntityManager, after: readonly [string, string], limit: number): Promise<BlueprintEntry[]> {
    const rows = await tx.query<VersionFields[]>(
      `SELECT v.kind, v.name, v.version, v.applied_at
       FROM blueprint b JOIN blueprint_version v
         ON v.kind = b.kind AND v.name = b.name AND v.version = b.latest_version
       WHERE (b.kind, b.name) > ($1, $2) ORDER BY b.kind, b.name LIMIT $3`,
      [...after, limit],
    )
    return rows.map((row) => ({ kind: row.kind, name: row.name, version: row.version, appliedAt: row.applied_at }))
  }

  /** Makes whoever applies the same name wait until this transaction has ended. */
  async lock(tx: EntityManager, kind: string, name: string): Promise<void> {
    await tx.query('INSERT INTO blueprint (kind, name, latest_version) VALUES ($1, $2, 0) ON CONFLICT DO NOTHING', [
      kind,
      name,
    ])
    // By a statement of its own: one that waits for the lock reads the versions as they were before it waited.
    await tx.query('SELECT FROM blueprint WHERE kind = $1 AND name = $2 FOR UPDATE', [kind, name])
  }

  /** The next version of a name that is locked. */
  async add<Spec>(tx: EntityManager, blueprint: Blueprint<Spec>, now: Date): Promise<StoredBlueprint<Spec>> {
    const { kind, name, title, spec } = blueprint
    const [made] = await tx.query<{ version: number }[]>(
      `WITH next AS (
         UPDATE blueprint SET latest_version = latest_version + 1 WHERE kind = $1 AND name = $2
         RETURNING kind, name, latest_version)
       INSERT INTO blueprint_version (kind, name, version, document, applied_at)
       SELECT kind, name, latest_version, $3::json, $4 FROM next RETURNING version`,
      [kind, name, JSON.stringify({ ...(title && { title }), spec }), now],
    )
    if (made === undefined) throw new Error(`${kind} ${name} is not locked`)
    return { ...blueprint, version: made.version, appliedAt: now }
  }

  #typed<Spec extends TSchema>(kind: KindOfBlueprint<Spec>, blueprint: StoredBlueprint): StoredBlueprint<Static<Spec>> {
    if (this.#fits(kind.schema, blueprint)) return blueprint
    const { name, version } = blueprint
    throw new ProblemError({
      code: 'BLUEPRINT_OUTDATED',
      status: 500,
      detail: `${kind.kind} ${name}, version ${version}, does not fit the schema of this release`,
    })
  }

  #fits<Spec extends TSchema>(schema: Spec, blueprint: StoredBlueprint): blueprint is StoredBlueprint<Static<Spec>> {
    let check = this.#checks.get(schema)
    if (check === undefined) {
      const compiled = Compile(schema)
      check = (spec) => compiled.Check(spec)
      this.#checks.set(schema, check)
    }
    return check(blueprint.spec)
  }
}
