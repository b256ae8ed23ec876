import { publishedSchema, schemaFaults } from '@banso/blueprints'
import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentsIn, faultLine } from '../services/cli/src/blueprints/documents.ts'
import { fileOf, kinds } from './blueprint-schemas.ts'

const blueprints = join(import.meta.dirname, '../deploy/blueprints')
const starters = globSync('starter/**/*.yaml', { cwd: blueprints })

describe('the published schemas', () => {
  it.each(kinds)('say what the code says: $kind (else: npm run build && node tools/blueprint-schemas.ts)', (kind) => {
    const published: unknown = JSON.parse(readFileSync(fileOf(kind.kind), 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(publishedSchema(kind))))
  })
})

/** What is wrong with the documents of a text, each by the schema of its kind. */
const faultsIn = (file: string, text: string): string[] => {
  const { documents, faults } = documentsIn(file, text)
  const misfits = documents.flatMap(({ kind, body, placeOf }) => {
    const schema = kinds.find((one) => one.kind === kind)?.schema ?? {}
    return schemaFaults(schema, body['spec'], '/spec').map((fault) => ({ file, ...placeOf(fault.pointer), ...fault }))
  })
  return [...faults, ...misfits].map(faultLine)
}

describe('the starter blueprints', () => {
  it('are there', () => expect(starters.length).toBeGreaterThan(0))

  it.each(starters)('%s fits the schema of its kind', (file) => {
    expect(faultsIn(file, readFileSync(join(blueprints, file), 'utf8'))).toEqual([])
  })
})

describe.each([
  ['deploy/blueprints/README.md', ['Playbook', 'Content']],
  ['README.md', ['Playbook']],
])('the example of %s', (page, expected) => {
  const example = /```yaml\n(.*?)\n```/s.exec(readFileSync(join(blueprints, '../..', page), 'utf8'))?.[1] ?? ''

  it('fits the schemas of its kinds', () => {
    expect(documentsIn(page, example).documents.map(({ kind }) => kind)).toEqual(expected)
    expect(faultsIn(page, example)).toEqual([])
  })
})
