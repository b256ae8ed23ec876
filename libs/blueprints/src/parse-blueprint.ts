import { ProblemError } from '@banso/platform'
import Type, { type Static, type TSchema } from 'typebox'
import type { Blueprint } from './blueprint.ts'
import type { BlueprintFault, BlueprintKind } from './blueprint-kind.ts'
import { pointerTo } from './canonical.ts'
import { schemaFaults } from './schema-faults.ts'

export const BLUEPRINT_NAME = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$'

const Title = Type.Object(
  { en: Type.Optional(Type.String({ maxLength: 200 })), ja: Type.Optional(Type.String({ maxLength: 200 })) },
  { additionalProperties: false, description: 'Shown to people, by language.' },
)

/** The schema of a kind's whole document. */
export const documentSchema = <Spec extends TSchema>(kind: string, spec: Spec) =>
  Type.Object(
    {
      kind: Type.Literal(kind),
      name: Type.String({ pattern: BLUEPRINT_NAME, description: 'Small letters, digits and hyphens.' }),
      title: Type.Optional(Title),
      spec,
    },
    { additionalProperties: false },
  )

export const invalidBlueprint = (errors: readonly BlueprintFault[]): ProblemError =>
  new ProblemError({
    code: 'BLUEPRINT_INVALID',
    status: 422,
    detail: errors.length === 1 ? 'the document has a fault' : `the document has ${errors.length} faults`,
    errors,
  })

/** Texts that no database takes. */
const unstorable = (value: unknown, pointer: string): BlueprintFault[] => {
  if (typeof value === 'string')
    return value.includes('\0') ? [{ pointer, message: 'must not hold a NUL character' }] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => [
    ...unstorable(key, pointerTo(pointer, key)),
    ...unstorable(inner, pointerTo(pointer, key)),
  ])
}

const isDocument = <Spec extends TSchema>(
  faults: readonly BlueprintFault[],
  body: unknown,
): body is Blueprint<Static<Spec>> => faults.length === 0 && body !== undefined

/** The document in a body, which must be of this kind and name; else 422 `BLUEPRINT_INVALID`. */
export const parseBlueprint = <Spec extends TSchema>(
  kind: BlueprintKind<Spec>,
  name: string,
  body: unknown,
): Blueprint<Static<Spec>> => {
  const misfits = schemaFaults(documentSchema(kind.kind, kind.schema), body)
  const faults = misfits.length > 0 ? misfits : unstorable(body, '')
  if (!isDocument<Spec>(faults, body)) throw invalidBlueprint(faults)
  if (body.name !== name) throw invalidBlueprint([{ pointer: '/name', message: `must be ${name}, as in the path` }])
  return body
}
