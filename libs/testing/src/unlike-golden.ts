import { eventSchemas, type EventType, faultsOf, type Headers, isEventType, TRACEPARENT_HEADER } from '@banso/contracts'
import { golden } from './golden.ts'

/** An event as its producer published it. */
export interface PublishedEvent {
  readonly type: string | undefined
  readonly data: unknown
  readonly headers?: Headers
}

type Fields = Readonly<Record<string, unknown>>

/**
 * What a producer's events have wrong: each must fit its schema, and of each of `types` one must have the fields of the
 * golden record, no more and no fewer. What stands in lists and open maps is left to the schema.
 */
export const unlikeGolden = (published: readonly PublishedEvent[], types: readonly EventType[]): string[] => [
  ...published.flatMap(({ type = '', data }) =>
    isEventType(type)
      ? faultsOf(type, data).map(({ pointer, message }) => `${type}: ${pointer} ${message}`)
      : [`${type} is no event type`],
  ),
  ...types.flatMap((type) => {
    const found = published.filter((event) => event.type === type).map((event) => differences(type, event))
    const [least = ['was not published']] = found.toSorted((a, b) => a.length - b.length)
    return least.map((difference) => `${type}: ${difference}`)
  }),
]

const differences = (type: EventType, { data, headers }: PublishedEvent): string[] => {
  const example = golden(type)
  const { [TRACEPARENT_HEADER]: _, ...own } = headers ?? example.headers
  return [
    ...inOneOnly(Object.keys(example.headers), Object.keys(own), 'header '),
    ...differentFields(eventSchemas[type], example.data, data, ''),
  ]
}

const inOneOnly = (ofGolden: readonly string[], ofPublished: readonly string[], kind: string): string[] => [
  ...ofGolden.filter((name) => !ofPublished.includes(name)).map((name) => `${kind}${name} is missing`),
  ...ofPublished.filter((name) => !ofGolden.includes(name)).map((name) => `${kind}${name} is not in the golden record`),
]

const differentFields = (schema: unknown, ofGolden: unknown, ofPublished: unknown, at: string): string[] => {
  const declared = fieldsOf(schema)
  if (declared.size === 0 || !isFields(ofGolden) || !isFields(ofPublished)) return []
  return [
    ...inOneOnly(Object.keys(ofGolden), Object.keys(ofPublished), `${at}/`),
    ...[...declared].flatMap(([name, parts]) =>
      differentFields({ anyOf: parts }, ofGolden[name], ofPublished[name], `${at}/${name}`),
    ),
  ]
}

/** The fields that a schema declares, over all of its alternatives, each with its schemas; none for an open map. */
const fieldsOf = (schema: unknown): ReadonlyMap<string, readonly unknown[]> => {
  const fields = new Map<string, readonly unknown[]>()
  if (!isFields(schema)) return fields
  const { properties, anyOf } = schema
  if (isFields(properties)) for (const [name, part] of Object.entries(properties)) fields.set(name, [part])
  if (Array.isArray(anyOf))
    for (const alternative of anyOf)
      for (const [name, parts] of fieldsOf(alternative)) fields.set(name, [...(fields.get(name) ?? []), ...parts])
  return fields
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
