import { type Clock, ProblemError } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import type { Blueprint, StoredBlueprint } from './blueprint.ts'
import { type BlueprintKind, shownOf } from './blueprint-kind.ts'
import type { Blueprints } from './blueprints.ts'
import { canonical } from './canonical.ts'
import { type BlueprintChange, changesBetween } from './changes.ts'
import { invalidBlueprint, parseBlueprint } from './parse-blueprint.ts'

/** What an apply did, or in a dry run would do. */
export interface BlueprintAnswer {
  readonly kind: string
  readonly name: string
  /** The newest version after it; in a dry run the one that it would become. */
  readonly version: number
  readonly change: 'created' | 'changed' | 'unchanged'
  /** What differs from the version before; of a created one nothing. */
  readonly changes: readonly BlueprintChange[]
  /** What the change does to what is there, a line each. */
  readonly impact: readonly string[]
}

/** What two versions are compared by: the order of keys says nothing, `kind` and `name` are the same. */
const contentOf = ({ title, spec }: Blueprint): object => ({ ...(title && { title }), spec })

/** Stores new versions of a service's blueprints. */
export class ApplyBlueprints {
  readonly #kinds: ReadonlyMap<string, BlueprintKind>

  constructor(
    kinds: readonly BlueprintKind[],
    private readonly source: DataSource,
    private readonly blueprints: Blueprints,
    private readonly clock: Clock,
  ) {
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]))
  }

  /** The kind of this name; 404 `BLUEPRINT_KIND_UNKNOWN`. */
  kind(name: string): BlueprintKind {
    const kind = this.#kinds.get(name)
    if (kind !== undefined) return kind
    const known = [...this.#kinds.keys()].join(', ')
    throw new ProblemError({ code: 'BLUEPRINT_KIND_UNKNOWN', status: 404, detail: `the kinds kept here: ${known}` })
  }

  /** A version that differs from the newest one becomes the next; 422 `BLUEPRINT_INVALID` says what is wrong with it. */
  async apply(kindName: string, name: string, body: unknown): Promise<BlueprintAnswer> {
    const kind = this.kind(kindName)
    const blueprint = parseBlueprint(kind, name, body)
    const answer = await this.source.transaction(async (tx) => {
      await this.blueprints.lock(tx, kind.kind, name)
      const planned = await this.#plan(tx, kind, blueprint)
      if (planned.change === 'unchanged') return planned
      const stored = await this.blueprints.add(tx, blueprint, this.clock.now())
      const more = await kind.applied?.(tx, stored)
      return { ...more, ...planned, version: stored.version }
    })
    if (answer.change !== 'unchanged') await kind.committed?.()
    return answer
  }

  /** What `apply` would answer once the documents named by `beside`, `Kind/name`, are there; stores nothing. */
  dryRun(kindName: string, name: string, body: unknown, beside: readonly string[] = []): Promise<BlueprintAnswer> {
    const kind = this.kind(kindName)
    const blueprint = parseBlueprint(kind, name, body)
    return this.source.transaction((tx) => this.#plan(tx, kind, blueprint, beside))
  }

  async #plan(
    tx: EntityManager,
    kind: BlueprintKind,
    blueprint: Blueprint,
    beside: readonly string[] = [],
  ): Promise<BlueprintAnswer> {
    const found = (await kind.check?.(blueprint, tx)) ?? []
    const faults = found.filter(({ missing }) => !missing || !beside.includes(`${missing.kind}/${missing.name}`))
    if (faults.length > 0) throw invalidBlueprint(faults)
    const latest = await this.blueprints.find(tx, kind.kind, blueprint.name)
    const difference = differenceOf(kind, latest, blueprint)
    const impact = difference.change === 'unchanged' ? [] : ((await kind.impact?.(tx, blueprint)) ?? [])
    return { kind: kind.kind, name: blueprint.name, ...difference, impact }
  }
}

const differenceOf = (
  kind: BlueprintKind,
  latest: StoredBlueprint | undefined,
  blueprint: Blueprint,
): Pick<BlueprintAnswer, 'version' | 'change' | 'changes'> => {
  if (latest === undefined) return { version: 1, change: 'created', changes: [] }
  const [from, to] = [contentOf(latest), contentOf(blueprint)]
  if (canonical(from) === canonical(to)) return { version: latest.version, change: 'unchanged', changes: [] }
  const [before, after] = [contentOf(shownOf(kind, latest)), contentOf(shownOf(kind, blueprint))]
  return { version: latest.version + 1, change: 'changed', changes: changesBetween(before, after) }
}
