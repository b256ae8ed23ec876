import type { Static, TSchema } from 'typebox'
import Value from 'typebox/value'

/** What the process was given; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>

interface SchemaFault {
  keyword: string
  instancePath: string
  message: string
  params: object
}

/** Variables of the environment are missing or malformed. Names every one of them, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

const missing = (fault: SchemaFault): string[] | undefined =>
  'requiredProperties' in fault.params && Array.isArray(fault.params.requiredProperties)
    ? fault.params.requiredProperties.map((name) => `${String(name)} is missing`)
    : undefined

// A union reports each of its branches and then itself: only the last says something.
const isBranchOfUnion = (fault: SchemaFault, all: readonly SchemaFault[]): boolean =>
  fault.keyword !== 'anyOf' && all.some((f) => f.keyword === 'anyOf' && f.instancePath === fault.instancePath)

const named = (fault: SchemaFault, schema: TSchema): string => {
  const name = fault.instancePath.split('/')[1] ?? ''
  const choices = fault.keyword === 'anyOf' ? choicesOf(schema, name) : []
  return choices.length > 0 ? `${name} must be one of ${choices.join(', ')}` : `${name} ${fault.message}`
}

const choicesOf = (schema: TSchema, name: string): string[] => {
  const properties: unknown = 'properties' in schema ? schema.properties : {}
  const property: unknown = new Map(Object.entries(properties ?? {})).get(name)
  const branches: unknown = typeof property === 'object' && property && 'anyOf' in property ? property.anyOf : []
  return (Array.isArray(branches) ? branches : []).flatMap((branch: unknown) =>
    typeof branch === 'object' && branch && 'const' in branch ? [String(branch.const)] : [],
  )
}

/**
 * The settings that `schema` (a TypeBox object) declares, read from `env`: texts converted, defaults filled in, variables
 * that are not declared left out. An empty text counts as not set. Throws a ConfigError that names every fault at once.
 */
export const parseConfig = <T extends TSchema>(schema: T, env: Environment): Static<T> => {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const converted = Value.Convert(schema, Value.Clean(schema, Value.Default(schema, given)))
  const faults = Value.Errors(schema, converted)
  if (faults.length > 0) {
    const texts = faults
      .filter((fault) => !isBranchOfUnion(fault, faults))
      .flatMap((fault) => missing(fault) ?? [named(fault, schema)])
    throw new ConfigError([...new Set(texts)].toSorted())
  }
  return Value.Parse(schema, converted)
}
