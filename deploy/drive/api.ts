// The services' own APIs as the drivers need them: bearer token, JSON, an error that says what was answered.
import type { Addresses } from '../local/ports.ts'
import { type Service, tokenName } from '../local/secrets.ts'

export class ApiError extends Error {
  override readonly name = 'ApiError'

  readonly status: number

  constructor(status: number, line: string) {
    super(line)
    this.status = status
  }
}

/** Where the services are, and what opens them. */
export interface Reachable {
  readonly addresses: Addresses
  readonly secrets: { get(name: string): string }
}

export class Api {
  readonly #system: Reachable

  constructor(system: Reachable) {
    this.#system = system
  }

  async call<T>(service: Service, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T> {
    const { addresses, secrets } = this.#system
    const answer = await fetch(`${addresses[service]}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${secrets.get(tokenName(service))}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
    const text = await answer.text()
    if (!answer.ok) throw new ApiError(answer.status, `${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text || 'null') as T
  }

  get<T>(service: Service, path: string): Promise<T> {
    return this.call(service, 'GET', path)
  }

  /** The value, or undefined where the service answers 404. */
  async find<T>(service: Service, path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(service, path)
    } catch (fault) {
      if (fault instanceof ApiError && fault.status === 404) return undefined
      throw fault
    }
  }

  /** Every item of a paged list. */
  async all<T>(service: Service, path: string): Promise<T[]> {
    const items: T[] = []
    let next: string | null = ''
    while (next !== null) {
      const cursor: string = next && `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}`
      const page: { items: T[]; next: string | null } = await this.get(service, `${path}${cursor}`)
      items.push(...page.items)
      next = page.next
    }
    return items
  }
}
