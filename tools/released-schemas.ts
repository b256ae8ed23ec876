// `node --conditions=@banso/source tools/released-schemas.ts`: keeps libs/contracts/released, the schema of every version
// of every event. A new version and a new optional field are written down; a change that breaks who writes or reads by the
// version is refused.
import { eventSchemas } from '@banso/contracts'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { breaksBetween, type JsonSchema, withoutAnnotations } from './schema-breaks.ts'

export const folder = join(import.meta.dirname, '../libs/contracts/released')

const SUFFIX = '.schema.json'
const fileOf = (type: string): string => join(folder, `${type}${SUFFIX}`)

const schemaOf = (json: string): JsonSchema => JSON.parse(json) as JsonSchema

/** What the code says, by event type. */
export const present = (): ReadonlyMap<string, JsonSchema> =>
  new Map(
    Object.entries(eventSchemas).map(([type, schema]) => [type, withoutAnnotations(schemaOf(JSON.stringify(schema)))]),
  )

/** What was released, by event type. */
export const released = (): ReadonlyMap<string, JsonSchema> =>
  new Map(
    globSync(`*${SUFFIX}`, { cwd: folder }).map((file) => [
      basename(file, SUFFIX),
      schemaOf(readFileSync(join(folder, file), 'utf8')),
    ]),
  )

const nextVersion = (type: string): string => type.replace(/\d+$/, (version) => String(Number(version) + 1))

/** What of `before` no longer holds, a line each, with the way out. */
export const brokenIn = (
  before: ReadonlyMap<string, JsonSchema>,
  now: ReadonlyMap<string, JsonSchema>,
): readonly string[] =>
  [...before].flatMap(([type, schema]) => {
    const after = now.get(type)
    const breaks =
      after === undefined ? [{ pointer: '', message: 'the event type is gone' }] : breaksBetween(schema, after)
    return breaks.map(
      ({ pointer, message }) =>
        `${type}${pointer && ` ${pointer}`}: ${message}. A released version only gains optional fields: make ` +
        `${nextVersion(type)} beside it (was it never released, delete its file in libs/contracts/released first).`,
    )
  })

if (import.meta.main) {
  const now = present()
  const broken = brokenIn(released(), now)
  for (const line of broken) console.error(line)
  if (broken.length > 0) process.exit(1)
  mkdirSync(folder, { recursive: true })
  for (const [type, schema] of now) writeFileSync(fileOf(type), `${JSON.stringify(schema, undefined, 2)}\n`)
}
