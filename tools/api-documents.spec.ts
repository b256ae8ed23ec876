import { beforeAll, describe, expect, it } from '@jest/globals'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Checked } from './check-api-documents.ts'
import { bodiesIn, isObject, type Json } from './openapi/bodies.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'docs/api')
const committed = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json
const files = readdirSync(folder)
const openApis = files.filter((file) => file.endsWith('.openapi.json'))

const check = async (): Promise<Checked> => {
  const words = ['--import', './tools/run-sources.ts', '--conditions=@banso/source', 'tools/check-api-documents.ts']
  const env = { ...process.env, NODE_OPTIONS: '' }
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: root, env, maxBuffer: 64 * 1_048_576 })
  return JSON.parse(stdout) as Checked
}

describe('docs/api', () => {
  let checked: Checked
  beforeAll(async () => {
    checked = await check()
  }, 120_000)

  it('has a document for everything, and nothing else', () => {
    expect(openApis.length).toBeGreaterThan(5)
    expect(files.toSorted()).toEqual(Object.keys(checked.made).toSorted())
  })

  it.each(files)('%s is what the code says (else: npm run api-documents)', (file) => {
    expect(committed(file)).toEqual(checked.made[file])
  })

  it.each(files)('%s is valid, with an example of every body, each of which its schema takes', (file) => {
    expect(checked.faults[file]).toEqual([])
  })
})

describe('the bodies of a document', () => {
  const text = { schema: { type: 'string' } }
  const responses = {
    200: { content: { 'text/plain': { ...text, examples: { a: { value: 'x' }, b: { value: 'y' } } } } },
    400: { content: { 'application/problem+json': text } },
  }
  const requestBody = { content: { 'application/json': { ...text, example: 'z' } } }

  it('are what is taken and what is answered; an example is wanted of all but problems', () => {
    expect(bodiesIn({ paths: { '/v1/{a}': { post: { requestBody, responses } } } })).toEqual([
      {
        where: 'post /v1/{a} takes application/json',
        pointer: '/paths/~1v1~1{a}/post/requestBody/content/application~1json',
        isNeeded: true,
        examples: ['z'],
      },
      expect.objectContaining({ where: 'post /v1/{a} 200 text/plain', isNeeded: true, examples: ['x', 'y'] }),
      expect.objectContaining({ where: 'post /v1/{a} 400 application/problem+json', isNeeded: false, examples: [] }),
    ])
  })
})

describe.each(openApis)('%s', (file) => {
  const paths = Object.entries(committed(file)['paths'] as Json)
  const operations = paths.flatMap(([, item]) => Object.values(item as Json).filter(isObject))

  it('describes each parameter that a path has', () => {
    for (const [path, item] of paths)
      for (const operation of Object.values(item as Json)) {
        const { parameters } = operation as { parameters: { in: string; name: string; description: string }[] }
        const inPath = parameters.filter((parameter) => parameter.in === 'path')
        expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
        for (const { name, description } of parameters)
          expect([name, description]).toEqual([name, expect.stringMatching(/./)])
      }
  })

  it('says of each answer once what it is, and once who may ask', () => {
    for (const operation of operations) {
      const { responses, security = [] } = operation as { responses: Json; security?: Json[] }
      for (const { description } of Object.values(responses) as { description: string }[])
        expect(description.split('\n\n')).toHaveLength(1)
      expect(security).toEqual([...new Map(security.map((scheme) => [Object.keys(scheme).join(' '), scheme])).values()])
    }
  })

  it('names each operation once', () => {
    const ids = operations.map((operation) => operation['operationId'])
    expect(ids).toEqual([...new Set(ids)])
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
  })
})
