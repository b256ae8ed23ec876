// Checks what a service answers in a test against its OpenAPI document, as docs/api has it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Value from 'typebox/value'

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
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema?: Json }>> }>
  >
}

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const partAt = (document: Json, ref: string): unknown =>
  ref
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((part, key) => (isObject(part) ? part[key] : undefined), document)

/**
 * A schema of the document as this check takes it, with what it refers to in its place. Programs may ignore fields that
 * they do not know; here one that the document does not know is a fault of the document.
 */
const closed = (document: Json, value: unknown, within: readonly string[] = []): unknown => {
  if (Array.isArray(value)) return value.map((item: unknown) => closed(document, item, within))
  if (!isObject(value)) return value
  const { $ref, ...own } = value
  const inner = Object.fromEntries(Object.entries(own).map(([key, part]) => [key, closed(document, part, within)]))
  if (typeof $ref === 'string') return { allOf: [referred(document, $ref, within), inner] }
  const isOpen = inner['type'] !== 'object' || !isObject(inner['properties']) || 'patternProperties' in inner
  return isOpen ? inner : { additionalProperties: false, ...inner }
}

const referred = (document: Json, ref: string, within: readonly string[]): unknown => {
  const part = partAt(document, ref)
  if (!isObject(part)) throw new Error(`the document refers to ${ref}, which is not in it`)
  if (within.includes(ref)) throw new Error(`${ref} refers to itself, which the check of answers does not follow`)
  return closed(document, part, [...within, ref])
}

const operationsOf = (document: Json): Operation[] =>
  Object.entries(document['paths'] as Readonly<Record<string, Readonly<Record<string, unknown>>>>).flatMap(
    ([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
        parameters: path.split('{').length,
        responses: (operation as Pick<Operation, 'responses'>).responses,
      })),
  )

/** The documented answers of one service, and which of them were seen. */
export class DocumentedAnswers {
  readonly #document: Json
  readonly #operations: readonly Operation[]
  /** Most are asked for a few times: to compile them would take longer than to walk them. */
  readonly #schemas = new Map<Json, object>()
  readonly #shown = new Set<string>()

  /** `name` is that of the file, without `.openapi.json`. */
  constructor(private readonly name: string) {
    this.#document = JSON.parse(readFileSync(join(folder, `${name}.openapi.json`), 'utf8')) as Json
    this.#operations = operationsOf(this.#document).toSorted((a, b) => a.parameters - b.parameters)
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
    const documented = response.content?.[media]
    if (response.content && !documented) throw this.#fault(operation, status, `is documented without ${media}`)
    if (documented && media !== 'text/plain') this.#validate(operation, status, documented.schema ?? {}, body)
    if (!response.content && body !== undefined && body !== '')
      throw this.#fault(operation, status, 'is documented without a body')
    if (status < 300) this.#shown.add(operation.name)
  }

  #validate(operation: Operation, status: number, documented: Json, body: unknown): void {
    const schema = this.#schemas.get(documented) ?? (closed(this.#document, documented) as object)
    this.#schemas.set(documented, schema)
    if (Value.Check(schema, body)) return
    const faults = Value.Errors(schema, body).map(({ instancePath, message }) => `body${instancePath} ${message}`)
    throw this.#fault(operation, status, `is not as documented: ${faults.join(', ')}; ${JSON.stringify(body)}`)
  }

  #fault({ name }: Operation, status: number, what: string): Error {
    return new Error(
      `${name} of ${this.name}: ${status} ${what}. If the document is behind the code: npm run api-documents`,
    )
  }
}
