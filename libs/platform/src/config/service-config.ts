import type { Static, TObject, TProperties, TSchema } from 'typebox'
import { ConfigError, type Environment, parseConfig } from './parse-config.ts'
import { unknownSettings } from './unknown-settings.ts'

/** Beside the settings of a service. */
export interface SettingsWarnings {
  /** A sentence for each name that begins like a setting and is none. */
  readonly unknownSettings: readonly string[]
}

/** What `configOf` makes of a schema. */
export type ServiceConfig<S extends TSchema> = Static<S> & SettingsWarnings

/**
 * `parseConfig` of a service, which also finds misspelt names: those that begin with BANSO_ or its own prefix and that
 * nothing knows. They refuse no start, because an environment may be shared; where settings are missing, they are named.
 */
export const configOf = <P extends TProperties>(
  service: string,
  schema: TObject<P>,
  env: Environment,
): ServiceConfig<TObject<P>> => {
  const own = { prefix: `${service.toUpperCase()}_`, names: Object.keys(schema.properties) }
  const warnings = unknownSettings(env, own).map(({ warning }) => warning)
  try {
    return { ...parseConfig(schema, env), unknownSettings: warnings }
  } catch (fault) {
    throw fault instanceof ConfigError ? new ConfigError([...fault.faults, ...warnings]) : fault
  }
}
