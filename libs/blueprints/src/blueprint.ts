import type { Static, TSchema } from 'typebox'

/** A document under version control, as a file or an API carries it. */
export interface Blueprint<Spec = unknown> {
  /** `Scorecard`, `Journey`, `Playbook`, `Content`: each owned by one service. */
  readonly kind: string
  /** Small letters, digits and hyphens, at most 63. */
  readonly name: string
  /** By language: `{ en: …, ja: … }`. */
  readonly title?: Readonly<Record<string, string>>
  readonly spec: Spec
}

/** A version of a blueprint, as it was applied. Versions count from 1 per kind and name and stay for ever. */
export interface StoredBlueprint<Spec = unknown> extends Blueprint<Spec> {
  readonly version: number
  readonly appliedAt: Date
}

/** What reads of the store need of a kind: its name, and the schema that gives specs their type. */
export interface KindOfBlueprint<Spec extends TSchema = TSchema> {
  readonly kind: string
  readonly schema: Spec
}

export type SpecOf<Spec extends TSchema> = Static<Spec>
