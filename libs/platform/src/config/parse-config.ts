import { IsOptional, type Static, type TObject, type TProperties, type TSchema } from 'typebox'
import Value from 'typebox/value'
import { fromFiles } from './from-files.ts'

/** What the process was given; `process.env` has this shape. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Variables of the environment are missing or malformed. Names every one of them, and never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly faults: readonly string[]) {
    super(`the configuration has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
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
  return faults.slice(0, 1).map((fault) => `${name} ${fault.message}`)
}

const choicesOf = (schema: TSchema): string[] => {
  const branches: unknown = 'anyOf' in schema ? schema.anyOf : []
  return (Array.isArray(branches) ? branches : []).flatMap((branch: unknown) =>
    typeof branch === 'object' && branch !== null && 'const' in branch ? [String(branch.const)] : [],
  )
}
