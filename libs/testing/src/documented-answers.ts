// Checks what a service answers in a test against its OpenAPI document, as docs/api has it.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '../../../docs/api')

type Json = Readonly<Record<string, unknown>>

/** One exchange. `body`: parsed, or text; undefined where there is none. */
export interface Exchange {
  readonly method: string
  /** With its query. */
  readonly url: string
  readonly status: number
  readonly contentType: string | undefined
  readonly body: unknown
}

/** What every service can be read of. */
export const operatorReads = [
  '/health/live',
  '/health/ready',
  '/metrics',
  '/v1/operations/status',
  '/v1/operations/checkup',
  '/v1/operations/dead',
] as const

/** What a service with blueprints can be read of, too. */
export const blueprintReads = (kind: string, name: string): string[] => [
  '/v1/blueprints',
  `/v1/blueprints/${kind}/${name}`,
  `/v1/blueprint-schemas/${kind}`,
]

/** A replay of nothing: every service takes it. */
export const operatorWrites = [['POST', '/v1/operations/dead/replay', { all: true }]] as const

/** What may be applied of a blueprint as it is shown. */
export const documentOf = (shown: unknown): object => {
  const { kind, name, title, spec } = shown as Record<'kind' | 'name' | 'title' | 'spec', unknown>
  return { kind, name, ...(title !== undefined && { title }), spec }
}

interface Operation {
  /** `GET /v1/accounts/{id}` */
  readonly name: string
  readonly method: string
  readonly pattern: RegExp
  readonly parameters: number
  /** JSON pointer within the document. */
  readonly pointer: string
  readonly responses: Readonly<Record<string, { readonly content?: Json }>>
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

// Programs may ignore fields that they do not know; here one that the document does not know is a fault of the document.
const closed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => closed(item))
  if (!isObject(value)) return value
  const inner = Object.fromEntries(Object.entries(value).map(([key, part]) => [key, closed(part)]))
  const isOpen = inner['type'] !== 'object' || !isObject(inner['properties']) || 'patternProperties' in inner
  return isOpen ? inner : { additionalProperties: false, ...inner }
}

const escaped = (part: string): string => part.replaceAll('~', '~0').replaceAll('/', '~1')

const operationsOf = (document: Json): Operation[] =>
  Object.entries(document['paths'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        parameters: path.split('{').length,
        pointer: `/paths/${escaped(path)}/${method}`,
        responses: (operation as Pick<Operation, 'responses'>).responses,
      })),
  )

/** The documented answers of one service, and which of them were seen. */
export class DocumentedAnswers {
  // The document itself is checked where it is made.
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false })
  readonly #operations: readonly Operation[]
  readonly #validators = new Map<string, ValidateFunction>()
  readonly #shown = new Set<string>()

  /** `name` is that of the file, without `.openapi.json`. */
  constructor(private readonly name: string) {
    const document = JSON.parse(readFileSync(join(folder, `${name}.openapi.json`), 'utf8')) as Json
    formats.default(this.#ajv)
    this.#ajv.addSchema(closed(document) as Json, 'api')
    this.#operations = operationsOf(document).toSorted((a, b) => a.parameters - b.parameters)
  }

  /** Operations that have not been answered by a success yet. */
  get unseen(): string[] {
    return this.#operations.map(({ name }) => name).filter((name) => !this.#shown.has(name))
  }

  /** Throws where the answer is not as documented. A route that does not exist has a 404 to answer. */
  check({ method, url, status, contentType, body }: Exchange): void {
    const [path = ''] = url.split('?')
    const operation = this.#operations.find((one) => one.method === method && one.pattern.test(path))
    if (operation === undefined) {
      if (status !== 404) throw new Error(`${method} ${path} answers ${status} and is not documented in ${this.name}`)
      return
    }
    const response = operation.responses[status]
    if (!response) throw this.#fault(operation, status, `is not documented: ${JSON.stringify(body)}`)
    const media = contentType?.split(';')[0] ?? ''
    if (response.content && !response.content[media])
      throw this.#fault(operation, status, `is documented without ${media}`)
    if (response.content && media !== 'text/plain') this.#validate(operation, status, media, body)
    if (!response.content && body !== undefined && body !== '')
      throw this.#fault(operation, status, 'is documented without a body')
    if (status < 300) this.#shown.add(operation.name)
  }

  #validate(operation: Operation, status: number, media: string, body: unknown): void {
    const $ref = `api#${operation.pointer}/responses/${status}/content/${escaped(media)}/schema`
    const validate = this.#validators.get($ref) ?? this.#ajv.compile({ $ref })
    this.#validators.set($ref, validate)
    if (validate(body)) return
    const faults = this.#ajv.errorsText(validate.errors, { dataVar: 'body' })
    throw this.#fault(operation, status, `is not as documented: ${faults}; ${JSON.stringify(body)}`)
  }

  #fault({ name }: Operation, status: number, what: string): Error {
    return new Error(
      `${name} of ${this.name}: ${status} ${what}. If the document is behind the code: npm run api-documents`,
    )
  }
}
