// Documents to the services that own their kinds: tried first, all of them, then applied one after the other.
import type { ServiceName } from '../config.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { type Answer, failureOf, LONG_WORK_MS, pathOf, type ServiceClient } from '../http/service-client.ts'
import { isObject, type JsonObject, listAt, textAt, valueAt } from '../json.ts'
import { type BlueprintDocument, faultLine, type FileFault, type Kind } from './documents.ts'
import type { Place } from './place.ts'

const owners: Record<Kind, ServiceName> = {
  Content: 'playbooks',
  Scorecard: 'health',
  Journey: 'journeys',
  Playbook: 'playbooks',
}

/** The service that keeps blueprints of this kind. */
export const ownerOf = (kind: Kind): ServiceName => owners[kind]

/** What a service said of a document: `{ version, change, changes, impact, … }`. */
export interface Outcome {
  readonly document: BlueprintDocument
  readonly answer: JsonObject
}

export interface Plan {
  readonly outcomes: readonly Outcome[]
  readonly faults: readonly FileFault[]
}

export class BlueprintSender {
  readonly #clients = new Map<ServiceName, ServiceClient>()

  constructor(private readonly service: (name: ServiceName) => ServiceClient) {}

  /** What applying would do; with faults, of all documents, nothing may be applied. */
  async plan(documents: readonly BlueprintDocument[]): Promise<Plan> {
    const along = new Set(documents.map(({ kind, name }) => `${kind}/${name}`))
    const outcomes: Outcome[] = []
    const faults: FileFault[] = []
    for (const document of documents) {
      const answer = await this.#try(document, along)
      if (answer.status === 422) faults.push(...faultsOf(document, answer.body))
      else outcomes.push({ document, answer: this.#success(document, answer) })
    }
    return { outcomes, faults }
  }

  async apply(document: BlueprintDocument): Promise<Outcome> {
    const answer = await this.#put(document, {})
    if (answer.status === 422)
      throw new CommandError(
        EXIT.refused,
        `${document.kind} ${document.name} is refused, though its trial was not`,
        faultsOf(document, answer.body).map(faultLine),
      )
    return { document, answer: this.#success(document, answer) }
  }

  /** A document that misses nothing but what comes along is tried again as if that were there. */
  async #try(document: BlueprintDocument, along: ReadonlySet<string>): Promise<Answer> {
    const answer = await this.#put(document, { dryRun: 'true' })
    if (answer.status !== 422) return answer
    const missing = listAt(answer.body, 'errors').flatMap((fault) => {
      const key = `${textAt(fault, 'missing.kind')}/${textAt(fault, 'missing.name')}`
      return isObject(valueAt(fault, 'missing')) && along.has(key) ? [key] : []
    })
    return missing.length === 0 ? answer : this.#put(document, { dryRun: 'true', with: [...new Set(missing)] })
  }

  #put({ kind, name, body }: BlueprintDocument, query: Record<string, string | readonly string[]>): Promise<Answer> {
    const path = pathOf`/v1/blueprints/${kind}/${name}`
    return this.#client(kind).ask({ method: 'PUT', path, query, body, withinMs: LONG_WORK_MS })
  }

  #success({ kind }: BlueprintDocument, { status, body }: Answer): JsonObject {
    if (status < 300 && isObject(body)) return body
    throw failureOf(owners[kind], { status, body })
  }

  #client(kind: Kind): ServiceClient {
    const owner = owners[kind]
    const client = this.#clients.get(owner) ?? this.service(owner)
    this.#clients.set(owner, client)
    return client
  }
}

/** A service's faults of a document, each at its place in the file, in the order of the file. */
const faultsOf = (document: BlueprintDocument, body: unknown): FileFault[] => {
  const errors = listAt(body, 'errors')
  const told = errors.length > 0 ? errors : [{ pointer: '', message: textAt(body, 'detail') ?? 'refused' }]
  const faults = told.map((fault): FileFault => {
    const pointer = textAt(fault, 'pointer') ?? ''
    const code = textAt(fault, 'code')
    return {
      file: document.file,
      ...document.placeOf(pointer, withinOf(fault)),
      pointer,
      ...(code !== undefined && { code }),
      message: textAt(fault, 'message') ?? 'refused',
    }
  })
  return faults.toSorted((a, b) => a.line - b.line || a.column - b.column)
}

const withinOf = (fault: unknown): Place | undefined => {
  const [line, column] = [valueAt(fault, 'line'), valueAt(fault, 'column')]
  if (typeof line !== 'number') return undefined
  return { line, column: typeof column === 'number' ? column : 1 }
}
