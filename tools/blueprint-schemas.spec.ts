import { publishedSchema, schemaFaults } from '@banso/blueprints'
import { describe, expect, it } from '@jest/globals'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentsIn, faultLine } from '../services/cli/src/blueprints/documents.ts'
import { fileOf, kinds } from './blueprint-schemas.ts'

const blueprints = join(import.meta.dirname, '../deploy/blueprints')
const starters = globSync('starter/**/*.yaml', { cwd: blueprints })

describe('the published schemas', () => {
  it.each(kinds)('say what the code says: $kind (else: node tools/blueprint-schemas.ts)', (kind) => {
    const published: unknown = JSON.parse(readFileSync(fileOf(kind.kind), 'utf8'))
    expect(published).toEqual(JSON.parse(JSON.stringify(publishedSchema(kind))))
  })
})

describe('the starter blueprints', () => {
  it('are there', () => expect(starters.length).toBeGreaterThan(0))

  it.each(starters)('%s fits the schema of its kind', (file) => {
    const { documents, faults } = documentsIn(file, readFileSync(join(blueprints, file), 'utf8'))
    expect(faults.map(faultLine)).toEqual([])
    for (const { kind, name, body } of documents) {
      const schema = kinds.find((one) => one.kind === kind)?.schema ?? {}
      expect(schemaFaults(schema, body['spec'], '/spec')).toEqual([])
      expect(file).toContain(name)
    }
  })
})
