import type { InputFault } from '@banso/platform'
import type { Static, TSchema } from 'typebox'
import type { EntityManager } from 'typeorm'
import type { Blueprint, KindOfBlueprint, StoredBlueprint } from './blueprint.ts'

/** One fault of a document. */
export interface BlueprintFault extends InputFault {
  readonly code?: string
  /** Line and column (from 1) inside the text that `pointer` names, where the fault is within one: a condition, a template. */
  readonly line?: number
  readonly column?: number
  /** A document that this one names and that is not there; a dry run passes over it when it is told that it will be. */
  readonly missing?: { readonly kind: string; readonly name: string }
}

/** Fields that an answer carries besides its own; a webhook's secret, shown once. */
export type AnswerFields = Readonly<Record<string, unknown>>

/** A kind of blueprint, given by the service that owns it. All but `committed` runs in the transaction of one apply. */
export interface BlueprintKind<Spec extends TSchema = TSchema> extends KindOfBlueprint<Spec> {
  /** Of `spec`; its objects should refuse unknown properties. It is published as JSON Schema. */
  readonly schema: Spec
  /** Faults that a schema cannot say; pointers are of the whole document, `/spec/…`. */
  check?(
    blueprint: Blueprint<Static<Spec>>,
    tx: EntityManager,
  ): readonly BlueprintFault[] | Promise<readonly BlueprintFault[]>
  /** The spec as people are shown it, without what is secret in it; left out: as it is. */
  shown?(spec: Static<Spec>): unknown
  /** What a change would do, a line each, for people; not asked of a document that changes nothing. */
  impact?(tx: EntityManager, blueprint: Blueprint<Static<Spec>>): readonly string[] | Promise<readonly string[]>
  /** After a new version is stored, in the same transaction. */
  applied?(tx: EntityManager, stored: StoredBlueprint<Static<Spec>>): Promise<AnswerFields | void>
  /** After a new version is committed, before the answer; may not reject: what was stored is stored. */
  committed?(): Promise<void>
}

/** A kind whose functions know the type of its specs; give it to `BlueprintsModule.forRoot`. */
export const blueprintKind = <Spec extends TSchema>(kind: BlueprintKind<Spec>): BlueprintKind<Spec> => kind

/** A document as people are shown it. */
export const shownOf = <Document extends Blueprint>(kind: BlueprintKind, document: Document): Document =>
  kind.shown === undefined ? document : { ...document, spec: kind.shown(document.spec) }
