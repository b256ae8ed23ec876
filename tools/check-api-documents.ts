// Prints, as one JSON value, the documents of docs/api as the code has them, and what is wrong with those that are there.
// A process of its own (`tools/run-sources.ts`): under Jest, the parser of AsyncAPI and the five services take many times as long.
import { fromFile, Parser } from '@asyncapi/parser'
import { topicList } from '@banso/contracts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { isDeepStrictEqual } from 'node:util'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'
import { apiDocuments, folder } from './api-documents.ts'
import { bodiesIn, type Json } from './openapi/bodies.ts'

/** By the name of the file. */
export interface Checked {
  readonly made: Readonly<Record<string, unknown>>
  readonly faults: Readonly<Record<string, readonly string[]>>
}

interface Message {
  readonly headers: Json
  readonly payload: Json
  readonly examples: readonly { readonly headers: unknown; readonly payload: unknown }[]
}

const ASYNC = 'banso.asyncapi.json'
const committed = (file: string): Json => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Json

const newAjv = (): Ajv2020 => {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  return ajv
}

/** Of an OpenAPI document: not valid, or a body without an example, or with one that its schema refuses. */
const faultsOfOpenApi = async (document: Json): Promise<string[]> => {
  const { valid, errors } = await new Validator().validate(structuredClone(document))
  const ajv = newAjv().addSchema(document, 'api')
  const bodies = bodiesIn(document)
  return [
    ...(valid ? [] : [`it is no OpenAPI document: ${JSON.stringify(errors)}`]),
    ...(bodies.length > 3 ? [] : ['it has hardly a body']),
    ...bodies
      .filter(({ isNeeded, examples }) => isNeeded && examples.length === 0)
      .map(({ where }) => `${where} has no example`),
    ...bodies.flatMap(({ where, pointer, examples }) =>
      examples.flatMap((example) =>
        ajv.validate({ $ref: `api#${encodeURI(pointer)}/schema` }, example) ? [] : [`${where}: ${ajv.errorsText()}`],
      ),
    ),
  ]
}

/** Of AsyncAPI's: not valid, other channels than our topics, or a message without an example that its schemas take. */
const faultsOfAsyncApi = async (): Promise<string[]> => {
  const { document, diagnostics } = await fromFile(new Parser(), join(folder, ASYNC)).parse()
  const told = diagnostics.filter(({ code }) => code !== 'asyncapi-latest-version') // 3.0 is what more programs read
  const addresses = document?.allChannels().all() ?? []
  const isOurs = isDeepStrictEqual(
    addresses.map((channel) => channel.address()),
    topicList.map(({ name }) => name),
  )
  const { messages } = committed(ASYNC)['components'] as { messages: Record<string, Message> }
  const ajv = newAjv()
  return [
    ...told.map(({ path, message }) => `${path.join('/')}: ${message}`),
    ...(document?.version() === '3.0.0' ? [] : ['it is not of AsyncAPI 3.0.0']),
    ...(isOurs ? [] : ['its channels are not our topics']),
    ...Object.entries(messages).flatMap(([type, { headers, payload, examples }]) => [
      ...(examples.length > 0 ? [] : [`${type} has no example`]),
      ...examples.flatMap((example) => [
        ...(ajv.validate(headers, example.headers) ? [] : [`headers of ${type}: ${ajv.errorsText()}`]),
        ...(ajv.validate(payload, example.payload) ? [] : [`${type}: ${ajv.errorsText()}`]),
      ]),
    ]),
  ]
}

const check = async (): Promise<Checked> => {
  const documents = await apiDocuments()
  const faults: Record<string, readonly string[]> = {}
  for (const file of documents.keys())
    faults[file] = file === ASYNC ? await faultsOfAsyncApi() : await faultsOfOpenApi(committed(file))
  return { made: Object.fromEntries(documents), faults }
}

process.stdout.write(JSON.stringify(await check()), () => process.exit(0))
