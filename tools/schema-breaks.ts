// What a change of a JSON Schema breaks for those who write and read by the schema as it was released. Both must go on:
// what was written before is read again (rebuilding), and a service of the release before reads what is written now.

export type JsonSchema = Readonly<Record<string, unknown>>

/** One incompatible difference: where (JSON pointer of the value) and what. */
export interface Break {
  readonly pointer: string
  readonly message: string
}

// Said to people; nothing is valid or not because of them.
const ANNOTATIONS = new Set(['description', 'title', 'examples', 'default', '$comment', 'deprecated'])
const STRUCTURE = new Set(['properties', 'required', 'items', 'anyOf'])

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The schema without what is said to people only. */
export const withoutAnnotations = (schema: JsonSchema): JsonSchema =>
  Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword))
      .map(([keyword, value]) => [keyword, keyword === 'properties' ? eachOf(value) : partOf(value)]),
  )

const partOf = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => partOf(item))
  return isSchema(value) ? withoutAnnotations(value) : value
}

// A field may be called `title`.
const eachOf = (properties: unknown): JsonSchema =>
  Object.fromEntries(Object.entries(schemasIn(properties)).map(([name, schema]) => [name, withoutAnnotations(schema)]))

const schemasIn = (value: unknown): Readonly<Record<string, JsonSchema>> =>
  isSchema(value)
    ? Object.fromEntries(Object.entries(value).filter((entry): entry is [string, JsonSchema] => isSchema(entry[1])))
    : {}

const textOf = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(sorted(value)))

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => sorted(item))
  if (!isSchema(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => [key, sorted(inner)]),
  )
}

/** What breaks from `released` to `now`, both without annotations. Only new optional fields break nothing. */
export const breaksBetween = (released: JsonSchema, now: JsonSchema, pointer = ''): Break[] => [
  ...keywordBreaks(released, now, pointer),
  ...fieldBreaks(released, now, pointer),
  ...itemBreaks(released, now, pointer),
  ...alternativeBreaks(released, now, pointer),
]

const keywordBreaks = (released: JsonSchema, now: JsonSchema, pointer: string): Break[] =>
  [...new Set([...Object.keys(released), ...Object.keys(now)])]
    .filter((keyword) => !STRUCTURE.has(keyword) && textOf(released[keyword]) !== textOf(now[keyword]))
    .map((keyword) => ({
      pointer,
      message: `\`${keyword}\` was ${textOf(released[keyword])} and is ${textOf(now[keyword])}`,
    }))

const fieldBreaks = (released: JsonSchema, now: JsonSchema, pointer: string): Break[] => {
  const [before, after] = [schemasIn(released['properties']), schemasIn(now['properties'])]
  const [neededBefore, neededNow] = [requiredOf(released), requiredOf(now)]
  const at = (name: string): string => `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
  const kept = Object.entries(before).flatMap(([name, schema]): Break[] => {
    const field = after[name]
    if (field === undefined) return [{ pointer: at(name), message: 'the field is gone' }]
    const inner = breaksBetween(schema, field, at(name))
    if (neededBefore.has(name) === neededNow.has(name)) return inner
    const message = neededNow.has(name) ? 'the field was optional and is required' : 'the field was always there'
    return [{ pointer: at(name), message }, ...inner]
  })
  const added = Object.keys(after)
    .filter((name) => !Object.hasOwn(before, name) && neededNow.has(name))
    .map((name) => ({ pointer: at(name), message: 'a new field must be optional' }))
  return [...kept, ...added]
}

const requiredOf = ({ required }: JsonSchema): ReadonlySet<unknown> => new Set(Array.isArray(required) ? required : [])

const itemBreaks = ({ items: before }: JsonSchema, { items: after }: JsonSchema, pointer: string): Break[] => {
  if (isSchema(before) && isSchema(after)) return breaksBetween(before, after, `${pointer}/*`)
  return textOf(before) === textOf(after) ? [] : [{ pointer, message: 'the items of the list are of another kind' }]
}

const alternativeBreaks = (released: JsonSchema, now: JsonSchema, pointer: string): Break[] => {
  const [before, after] = [alternativesOf(released), alternativesOf(now)]
  const [known, given] = [before.map(textOf), after.map(textOf)]
  const gone = before.filter((_, index) => !given.includes(known[index] ?? ''))
  const come = after.filter((_, index) => !known.includes(given[index] ?? ''))
  const [was, is] = [gone[0], come[0]]
  if (was?.['properties'] && is?.['properties'] && gone.length === 1 && come.length === 1)
    return breaksBetween(was, is, pointer)
  return [
    ...gone.map((schema) => ({ pointer, message: `is no longer ${textOf(schema)}` })),
    ...come.map((schema) => ({ pointer, message: `may be ${textOf(schema)}, which readers of this version refuse` })),
  ]
}

const alternativesOf = ({ anyOf }: JsonSchema): readonly JsonSchema[] =>
  (Array.isArray(anyOf) ? anyOf : []).filter(isSchema)
