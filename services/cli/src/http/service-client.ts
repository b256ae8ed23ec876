// One service's API: JSON over HTTP with its bearer token. What goes wrong becomes a CommandError with its exit code.
import { CommandError, EXIT } from '../exit-codes.ts'
import { listAt, parseJson, textAt } from '../json.ts'

const ANSWER_WITHIN_MS = 30_000
/** For calls that answer when much is done; fetch itself gives up after 300 s. */
export const LONG_WORK_MS = 240_000

export interface Call {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Begins with `/`; put ids into it by `pathOf`. */
  readonly path: string
  /** A list is given once per value. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body?: unknown
  /** How long to wait for the answer; default 30 s. */
  readonly withinMs?: number
}

export interface Answer {
  readonly status: number
  /** Null where the answer is empty. */
  readonly body: unknown
}

const pathPart = (value: string): string => {
  // A URL takes dots for steps in the path, encoded or not; nothing at all would name the list in place of its item.
  if (value === '' || value === '.' || value === '..') throw new CommandError(EXIT.usage, `"${value}" is not a name`)
  return encodeURIComponent(value)
}

/** A path with its values encoded: pathOf`/v1/sources/${name}/keys`. */
export const pathOf = (parts: TemplateStringsArray, ...values: readonly string[]): string =>
  String.raw({ raw: parts }, ...values.map(pathPart))

const whyUnreachable = (fault: unknown): string =>
  textAt(fault, 'name') === 'TimeoutError'
    ? 'no answer in time'
    : (textAt(fault, 'cause.code') ?? textAt(fault, 'message') ?? String(fault))

const problemLines = (body: unknown): string[] =>
  listAt(body, 'errors').map((error) => `${textAt(error, 'pointer') || '/'}: ${textAt(error, 'message') ?? 'refused'}`)

/** What an answer that is no success ends a command with. */
export const failureOf = (service: string, { status, body }: Answer): CommandError => {
  const code = textAt(body, 'code') ?? `HTTP ${status}`
  const detail = textAt(body, 'detail') ?? textAt(body, 'title') ?? 'no reason given'
  const refused = status < 500
  return new CommandError(
    refused ? EXIT.refused : EXIT.failed,
    `${service} ${refused ? 'refused' : 'failed'}: ${code}: ${detail}`,
    problemLines(body),
  )
}

const parametersOf = (query: NonNullable<Call['query']>): string => {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value ?? []].flat()) parameters.append(name, one)
  return parameters.toString()
}

export class ServiceClient {
  constructor(
    readonly service: string,
    readonly url: string,
    private readonly token: string | undefined,
  ) {}

  /** The answer, whatever its status; its body must be JSON. */
  async ask({ method = 'GET', path, query = {}, body, withinMs = ANSWER_WITHIN_MS }: Call): Promise<Answer> {
    const parameters = parametersOf(query)
    const response = await this.send(`${this.url}${path}${parameters && `?${parameters}`}`, {
      method,
      signal: AbortSignal.timeout(withinMs),
      headers: {
        accept: 'application/json',
        ...(this.token === undefined ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const parsed = response.text === '' ? null : parseJson(response.text)
    if (parsed === undefined)
      throw new CommandError(EXIT.failed, `${this.service} at ${this.url} answered ${response.status} and no JSON`)
    return { status: response.status, body: parsed }
  }

  /** The body of an answer that is a success. */
  async call(call: Call): Promise<unknown> {
    const { status, body } = await this.ask(call)
    if (status < 300) return body
    throw failureOf(this.service, { status, body })
  }

  /** What stands at a path, as it is; whatever the status. */
  text(path: string, withinMs = ANSWER_WITHIN_MS): Promise<{ status: number; text: string }> {
    return this.send(`${this.url}${path}`, { signal: AbortSignal.timeout(withinMs) })
  }

  private async send(url: string, init: RequestInit): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(url, { ...init, redirect: 'manual' })
      return { status: response.status, text: await response.text() }
    } catch (fault) {
      throw new CommandError(EXIT.unreachable, `cannot reach ${this.service} at ${this.url}: ${whyUnreachable(fault)}`)
    }
  }
}
