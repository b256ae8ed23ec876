// The versions of journeys, with their conditions compiled.
import type { Blueprints, StoredBlueprint } from '@banso/blueprints'
import { compileCondition, type Condition } from '@banso/conditions'
import type { EntityManager } from 'typeorm'
import { type Journey, JourneySpec, keyOf, rulesOf } from '../domain/journey.ts'
import type { JourneyVersion } from './accounts.ts'

export const journeyKind = { kind: 'Journey', schema: JourneySpec }

export interface KnownJourney extends Journey {
  readonly title: Readonly<Record<string, string>>
  /** By key of their rule. */
  readonly conditions: ReadonlyMap<string, Condition<'account'>>
}

const textOf = ({ name, version }: JourneyVersion): string => `${name} ${version}`

/** Reads journeys. A version never changes, so it is read and compiled once in a process. */
export class Journeys {
  readonly #known = new Map<string, KnownJourney>()

  constructor(private readonly blueprints: Blueprints) {}

  /** The journey that new accounts start on: the one that was applied last. */
  async newest(tx: EntityManager): Promise<KnownJourney> {
    const latest = await this.blueprints.latest(tx, journeyKind)
    const newest = latest.toSorted((a, b) => b.appliedAt.getTime() - a.appliedAt.getTime())[0]
    if (newest === undefined) throw new Error('there is no journey')
    return this.#keep(newest)
  }

  /** The newest version of this name. */
  async find(tx: EntityManager, name: string): Promise<KnownJourney | undefined> {
    const stored = await this.blueprints.version(tx, journeyKind, name)
    return stored && this.#keep(stored)
  }

  /** These versions, by name and version. */
  async read(
    tx: EntityManager,
    versions: readonly JourneyVersion[],
  ): Promise<(version: JourneyVersion) => KnownJourney> {
    if (versions.some((version) => !this.#known.has(textOf(version)))) {
      for (const stored of await this.blueprints.all(tx, journeyKind)) this.#keep(stored)
    }
    return (version) => {
      const journey = this.#known.get(textOf(version))
      if (journey === undefined) throw new Error(`there is no journey ${textOf(version)}`)
      return journey
    }
  }

  #keep(stored: StoredBlueprint<JourneySpec>): KnownJourney {
    const known = this.#known.get(textOf(stored))
    if (known !== undefined) return known
    const { name, version, spec, title = {} } = stored
    const journey = { name, version, spec, title, conditions: conditionsOf(spec) }
    this.#known.set(textOf(stored), journey)
    return journey
  }
}

// A condition was valid when it was applied; one that is not any more never holds.
const conditionsOf = (spec: JourneySpec): ReadonlyMap<string, Condition<'account'>> =>
  new Map(
    rulesOf(spec).flatMap((rule) => {
      const compiled = 'condition' in rule ? compileCondition(rule.condition, 'account') : null
      return compiled && 'condition' in compiled ? [[keyOf(rule), compiled.condition] as const] : []
    }),
  )
