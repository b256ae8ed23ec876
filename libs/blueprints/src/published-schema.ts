import type { KindOfBlueprint } from './blueprint.ts'
import { documentSchema } from './parse-blueprint.ts'

/**
 * A kind's whole document as JSON Schema, for editors and other programs. What refers to itself is a definition at the
 * root: not every editor finds one by its id.
 */
export const publishedSchema = ({ kind, schema }: KindOfBlueprint): object => {
  const definitions: Record<string, unknown> = {}
  const document = withoutDefinitions(documentSchema(kind, schema), definitions)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `${kind}, a blueprint of Banso`,
    ...document,
    ...(Object.keys(definitions).length > 0 && { definitions }),
  }
}

const withoutDefinitions = (schema: object, definitions: Record<string, unknown>): object =>
  Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]: [string, unknown]) => {
      if (key === '$id') return []
      if (key === '$ref' && typeof value === 'string') return [[key, `#/definitions/${value}`]]
      if (key !== '$defs') return [[key, published(value, definitions)]]
      Object.assign(definitions, published(value, definitions))
      return []
    }),
  )

const published = (value: unknown, definitions: Record<string, unknown>): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => published(item, definitions))
  return typeof value === 'object' && value !== null ? withoutDefinitions(value, definitions) : value
}
