import { IsOptional, type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import Value from 'typebox/value'
import { StartRefusedError } from '../errors.ts'
import { fromFiles } from './from-files.ts'

/** What the process was given; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables of the environment are missing or malformed. Names every one of them, and never a value. */
export class ConfigError extends StartRefusedError {
  override readonly code = 'CONFIG_INVALID'

  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`settings are missing or malformed:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.faults = faults
  }
}

/**
 * The settings that `schema` declares, read from `env`: texts converted, defaults filled in, variables that are not
 * declared left out. An empty text counts as not set; `NAME_FILE` names a file that holds NAME. Throws a ConfigError that
 * names every fault at once.
 */
export const parseConfig = <P extends TProperties>(schema: TObject<P>, env: Environment): Static<TObject<P>> => {
  const texts = Object.entries(env).flatMap(([name, value]) => (value ? [[name, value] as const] : []))
  const { given, faults: unread } = fromFiles(Object.keys(schema.properties), Object.fromEntries(texts))
  const settings = Value.Convert(schema, Value.Clean(schema, Value.Default(schema, given)))
  const values = new Map(Object.entries(settings ?? {}))
  // One variable at a time: TypeBox stops gathering after eight faults.
  const faults = Object.entries<TSchema>(schema.properties).flatMap(([name, declared]) => {
    const fault = unread.get(name)
    return fault === undefined ? faultOf(name, declared, values.get(name)) : [fault]
  })
  const between = faults.length > 0 ? [] : Value.Errors(schema, settings).map((fault) => fault.message)
  if (faults.length + between.length > 0) throw new ConfigError([...faults, ...between])
  return Value.Parse(schema, settings)
}

const faultOf = (name: string, schema: TSchema, value: unknown): string[] => {
  if (value === undefined) return IsOptional(schema) ? [] : [`${name} is missing`]
  const choices = choicesOf(schema)
  const faults = Value.Errors(schema, value)
  if (faults.length > 0 && choices.length > 0) return [`${name} must be one of ${choices.join(', ')}`]
  const form = formOf(schema)
  return faults.slice(0, 1).map((fault) => `${name} ${form === undefined ? fault.message : `must be ${form}`}`)
}

const formOf = (schema: TSchema): string | undefined =>
  'description' in schema && typeof schema.description === 'string' ? schema.description : undefined

const choicesOf = (schema: TSchema): string[] => {
  const branches: unknown = 'anyOf' in schema ? schema.anyOf : []
  return (Array.isArray(branches) ? branches : []).flatMap((branch: unknown) =>
    typeof branch === 'object' && branch !== null && 'const' in branch ? [String(branch.const)] : [],
  )
}
