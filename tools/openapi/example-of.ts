// An example of what a schema describes: what its parts give as examples, put together.
import type { JsonSchema } from '../schema-breaks.ts'

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const BY_FORMAT: Readonly<Record<string, string>> = {
  uuid: '97214a4c-fb15-53e4-b2e7-ee0e803ab15e',
  'date-time': '2026-01-15T01:40:12.900Z',
  date: '2026-01-15',
}

/** The first example, fixed value or alternative of a schema; else of its parts. Optional fields are in it, too. */
export const exampleOf = (schema: JsonSchema): unknown => {
  for (const keyword of ['examples', 'enum']) {
    const given = schema[keyword]
    if (Array.isArray(given) && given.length > 0) return given[0]
  }
  for (const keyword of ['example', 'const', 'default']) if (Object.hasOwn(schema, keyword)) return schema[keyword]
  for (const keyword of ['anyOf', 'oneOf']) {
    const alternatives = schema[keyword]
    const first: unknown = Array.isArray(alternatives) ? alternatives[0] : undefined
    if (isSchema(first)) return exampleOf(first)
  }
  return byType(schema)
}

const byType = (schema: JsonSchema): unknown => {
  switch (schema['type']) {
    case 'object':
      return objectOf(schema)
    case 'array':
      return isSchema(schema['items']) ? [exampleOf(schema['items'])] : []
    case 'string':
      return BY_FORMAT[String(schema['format'])] ?? 'text'
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 0
    case 'boolean':
      return false
    default:
      return null
  }
}

const objectOf = ({ properties }: JsonSchema): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(isSchema(properties) ? properties : {}).flatMap(([name, field]) =>
      isSchema(field) ? [[name, exampleOf(field)]] : [],
    ),
  )
