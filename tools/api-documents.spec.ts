import { fromFile, Parser } from '@asyncapi/parser'
import { topicList } from '@banso/contracts'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { apiDocuments, folder, root } from './api-documents.ts'

type Json = Record<string, unknown>

interface Message {
  readonly headers: Json
  readonly payload: Json
  readonly examples: readonly { readonly headers: unknown; readonly payload: unknown }[]
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const committed = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json
const files = readdirSync(folder).filter((file) => file.endsWith('.openapi.json'))

describe('docs/api', () => {
  let made: ReadonlyMap<string, unknown>
  beforeAll(async () => {
    made = await apiDocuments(async (path) => (await import(join(root, path))) as Json)
  })

  it('has a document for everything, and nothing else', () => {
    expect(readdirSync(folder).toSorted()).toEqual([...made.keys()].toSorted())
  })

  it.each([...files, 'banso.asyncapi.json'])('%s is what the code says (else: npm run api-documents)', (file) => {
    expect(committed(file)).toEqual(JSON.parse(JSON.stringify(made.get(file))))
  })
})

/** Schemas with their example, by JSON pointer, wherever a document has both. */
const exemplified = (value: unknown, pointer = ''): { pointer: string; example: unknown }[] => {
  if (!isObject(value) && !Array.isArray(value)) return []
  const inner = Object.entries(value).flatMap(([key, part]) =>
    exemplified(part, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`),
  )
  if (!isObject(value) || !isObject(value['schema'])) return inner
  const examples = Object.values(isObject(value['examples']) ? value['examples'] : {}).filter(isObject)
  const given = 'example' in value ? [value['example']] : examples.map((one) => one['value'])
  return [...given.map((example) => ({ pointer: `${pointer}/schema`, example })), ...inner]
}

const partsOf = (value: unknown, ...path: readonly string[]): [name: string, part: Json][] => {
  const at = path.reduce((inner: unknown, key) => (isObject(inner) ? inner[key] : undefined), value)
  return Object.entries(isObject(at) ? at : {}).flatMap(([name, part]) => (isObject(part) ? [[name, part]] : []))
}

/** The bodies of requests and of successes. */
const bodiesIn = (document: Json): { where: string; media: Json }[] =>
  partsOf(document, 'paths').flatMap(([path, item]) =>
    partsOf(item).flatMap(([method, operation]) => {
      const successes = partsOf(operation, 'responses').filter(([status]) => status.startsWith('2'))
      const bodies = partsOf(operation, 'requestBody', 'content').map(([type, media]) => ({
        of: `takes ${type}`,
        media,
      }))
      for (const [status, response] of successes)
        bodies.push(...partsOf(response, 'content').map(([type, media]) => ({ of: `${status} ${type}`, media })))
      return bodies.map(({ of, media }) => ({ where: `${method} ${path} ${of}`, media }))
    }),
  )

describe.each(files)('%s', (file) => {
  const document = committed(file)

  it('is an OpenAPI 3.1 document', async () => {
    expect(document['openapi']).toMatch(/^3\.1\./)
    expect(await new Validator().validate(structuredClone(document))).toEqual({ valid: true })
  })

  it('has examples that its schemas take', () => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    ajv.addSchema(document, 'api')
    const found = exemplified(document['paths'], '/paths')
    const faults = found.flatMap(({ pointer, example }) =>
      ajv.validate({ $ref: `api#${encodeURI(pointer)}` }, example) ? [] : [`${pointer}: ${ajv.errorsText()}`],
    )
    expect(faults).toEqual([])
  })

  it('has an example of every body that is taken, and of every one that a success gives', () => {
    const bodies = bodiesIn(document)
    expect(bodies.length).toBeGreaterThan(3)
    expect(
      bodies.filter(({ media }) => !('example' in media || 'examples' in media)).map(({ where }) => where),
    ).toEqual([])
  })

  it('describes each parameter that a path has', () => {
    for (const [path, item] of Object.entries(document['paths'] as Json))
      for (const operation of Object.values(item as Json)) {
        const { parameters } = operation as { parameters: { in: string; name: string; description: string }[] }
        const inPath = parameters.filter((parameter) => parameter.in === 'path')
        expect(inPath.map(({ name }) => name)).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name))
        for (const { name, description } of parameters)
          expect([name, description]).toEqual([name, expect.stringMatching(/./)])
      }
  })

  it('names each operation once', () => {
    const operations = Object.values(document['paths'] as Json).flatMap((item) => Object.values(item as Json))
    const ids = operations.map((operation) => (operation as Json)['operationId'])
    expect(ids).toEqual([...new Set(ids)])
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z]+$/)
  })
})

describe('banso.asyncapi.json', () => {
  it('is a valid AsyncAPI 3 document without a warning', async () => {
    const { document, diagnostics } = await fromFile(new Parser(), join(folder, 'banso.asyncapi.json')).parse()
    const faults = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version') // 3.0 is what more programs read
    expect(faults.map(({ path, message }) => `${path.join('/')}: ${message}`)).toEqual([])
    expect(document?.version()).toBe('3.0.0')
    const addresses = document?.allChannels().all() ?? []
    expect(addresses.map((channel) => channel.address())).toEqual(topicList.map(({ name }) => name))
  })

  const { messages } = committed('banso.asyncapi.json')['components'] as { messages: Record<string, Message> }
  it.each(Object.entries(messages))('has an example of %s that its schemas take', (_type, message) => {
    const ajv = new Ajv2020({ strict: false, allErrors: true })
    formats.default(ajv)
    expect(message.examples.length).toBeGreaterThan(0)
    for (const { headers, payload } of message.examples) {
      expect(ajv.validate(message.headers, headers) ? '' : ajv.errorsText()).toBe('')
      expect(ajv.validate(message.payload, payload) ? '' : ajv.errorsText()).toBe('')
    }
  })
})
