import { readFileSync } from 'node:fs'
import Type from 'typebox'
import Value from 'typebox/value'

const Package = Type.Object({ version: Type.String() })

/** The version of the code that runs, as its package says: all packages of the house carry the same. */
export const codeVersion = (): string =>
  Value.Parse(Package, JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))).version
