// Why a value does not fit a schema, told so that a person finds the place: of a union only the branch that was meant.
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import type { BlueprintFault } from './blueprint-kind.ts'
import { pointerTo } from './canonical.ts'

type JsonObject = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const objectAt = (schema: JsonObject, key: string): JsonObject => {
  const found = schema[key]
  return isObject(found) ? found : {}
}

/** What the walk itself looks into; all other keywords are TypeBox's to judge. */
const WALKED = new Set([
  'properties',
  'patternProperties',
  'additionalProperties',
  'items',
  'anyOf',
  'enum',
  '$ref',
  '$defs',
])

interface Place {
  readonly pointer: string
  readonly defs: JsonObject
}

/** Every fault of a value that does not fit; pointers begin with `pointer`. */
export const schemaFaults = (schema: TSchema, value: unknown, pointer = ''): BlueprintFault[] => {
  if (Value.Check(schema, value)) return []
  const faults = walk({ ...schema }, value, { pointer, defs: {} })
  return faults.length > 0 ? faults : [{ pointer, message: 'does not fit its schema' }]
}

const walk = (schema: JsonObject, value: unknown, place: Place): BlueprintFault[] => {
  const defs = { ...place.defs, ...objectAt(schema, '$defs') }
  const here = { ...place, defs }
  const target = typeof schema['$ref'] === 'string' ? defs[schema['$ref'].replace('#/$defs/', '')] : undefined
  return [
    ...ownFaults(schema, value, here),
    ...(isObject(target) ? walk(target, value, here) : []),
    ...(isObject(value) ? propertyFaults(schema, value, here) : []),
    ...(Array.isArray(value) ? itemFaults(schema, value, here) : []),
    ...(Array.isArray(schema['enum']) ? constantFaults(schema['enum'], value, here.pointer) : []),
    ...unionFaults(schema, value, here),
  ]
}

const ownFaults = (schema: JsonObject, value: unknown, { pointer }: Place): BlueprintFault[] => {
  const own = Object.fromEntries(Object.entries(schema).filter(([key]) => !WALKED.has(key)))
  return Value.Errors(own, value).map(({ instancePath, message }) => ({ pointer: pointer + instancePath, message }))
}

const propertyFaults = (schema: JsonObject, value: JsonObject, place: Place): BlueprintFault[] => {
  const properties = objectAt(schema, 'properties')
  const patterns = Object.entries(objectAt(schema, 'patternProperties'))
  const rest = schema['additionalProperties']
  return Object.entries(value).flatMap(([key, inner]) => {
    const at = { ...place, pointer: pointerTo(place.pointer, key) }
    const named = Object.hasOwn(properties, key) ? properties[key] : undefined
    const inPattern = patterns.find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1]
    const known = named ?? inPattern ?? rest
    if (known === false) return [{ pointer: at.pointer, message: unknownProperty(Object.keys(properties)) }]
    return isObject(known) ? walk(known, inner, at) : []
  })
}

const unknownProperty = (known: readonly string[]): string =>
  known.length === 0 ? 'is not known here' : `is not known here; known: ${known.join(', ')}`

const itemFaults = (schema: JsonObject, value: readonly unknown[], place: Place): BlueprintFault[] => {
  const { items } = schema
  if (!isObject(items)) return []
  return value.flatMap((item, at) => walk(items, item, { ...place, pointer: pointerTo(place.pointer, at) }))
}

const unionFaults = (schema: JsonObject, value: unknown, place: Place): BlueprintFault[] => {
  const branches = (Array.isArray(schema['anyOf']) ? schema['anyOf'] : []).filter(isObject)
  if (branches.length === 0) return []
  const constants = branches.map((branch) => branch['const'])
  if (!constants.includes(undefined)) return constantFaults(constants, value, place.pointer)
  const tag = isObject(value) ? tagOf(branches) : undefined
  if (tag !== undefined && isObject(value)) return taggedFaults(branches, tag, value, place)
  const told = branches.map((branch) => walk(branch, value, place))
  return told.toSorted((left, right) => distance(left, place.pointer) - distance(right, place.pointer))[0] ?? []
}

const constantFaults = (constants: readonly unknown[], value: unknown, pointer: string): BlueprintFault[] =>
  constants.includes(value) ? [] : [{ pointer, message: `must be one of ${constants.map(shown).join(', ')}` }]

const shown = (value: unknown): string => JSON.stringify(value)

const constantAt = (branch: JsonObject, property: string): unknown =>
  objectAt(objectAt(branch, 'properties'), property)['const']

/** The property whose constant tells the branches apart. */
const tagOf = (branches: readonly JsonObject[]): string | undefined =>
  Object.keys(objectAt(branches[0] ?? {}, 'properties')).find((property) =>
    branches.every((branch) => constantAt(branch, property) !== undefined),
  )

const taggedFaults = (
  branches: readonly JsonObject[],
  tag: string,
  value: JsonObject,
  place: Place,
): BlueprintFault[] => {
  const meant = branches.find((branch) => constantAt(branch, tag) === value[tag])
  if (meant !== undefined) return walk(meant, value, place)
  const pointer = Object.hasOwn(value, tag) ? pointerTo(place.pointer, tag) : place.pointer
  const constants = [...new Set(branches.map((branch) => shown(constantAt(branch, tag))))]
  return [{ pointer, message: `${pointer === place.pointer ? `${tag} ` : ''}must be one of ${constants.join(', ')}` }]
}

/** How far a value is from a branch: what is wrong with its own keys weighs more than what is wrong deeper within. */
const distance = (faults: readonly BlueprintFault[], pointer: string): number => {
  const shallow = faults.filter((fault) => fault.pointer === pointer || fault.message.startsWith('is not known'))
  return shallow.length * 1000 + faults.length
}
