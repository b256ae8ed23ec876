// `.banso/secrets` (0600): made on first start, read by the launcher and by `banso`.
import { hash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Services with a process, a database, a role and a token of their own. */
export const services = ['ingestion', 'accounts', 'health', 'journeys', 'playbooks'] as const
export type Service = (typeof services)[number]

/** Databases (and roles of the same name): one per service, and the embedded log's. */
export const databases = [...services, 'log'] as const
export type Database = (typeof databases)[number]

export const tokenName = (service: Service): string => `BANSO_SERVICE_TOKEN_${service.toUpperCase()}`
export const passwordName = (database: Database | 'postgres'): string =>
  `BANSO_DATABASE_PASSWORD_${database.toUpperCase()}`

export class Secrets {
  readonly #path: string
  readonly #values: Map<string, string>

  constructor(home: string) {
    this.#path = join(home, 'secrets')
    const lines = existsSync(this.#path) ? readFileSync(this.#path, 'utf8').split('\n') : []
    this.#values = new Map(
      lines.flatMap((line) => {
        const at = line.indexOf('=')
        return at > 0 ? [[line.slice(0, at), line.slice(at + 1)] as const] : []
      }),
    )
    const before = this.#values.size
    this.#make('BANSO_MASTER_KEY', () => randomBytes(32).toString('base64'))
    for (const service of services) this.#make(tokenName(service), () => randomBytes(24).toString('base64url'))
    for (const database of ['postgres', ...databases] as const)
      this.#make(passwordName(database), () => randomBytes(24).toString('base64url'))
    if (this.#values.size > before) this.#write()
  }

  #make(name: string, value: () => string): void {
    if (!this.#values.has(name)) this.#values.set(name, value())
  }

  #write(): void {
    const temporary = `${this.#path}.new`
    const lines = [...this.#values].map(([name, value]) => `${name}=${value}\n`)
    // Flushed before it takes the old one's place: an empty file after a power cut would have lost the master key.
    writeFileSync(temporary, lines.join(''), { mode: 0o600, flush: true })
    chmodSync(temporary, 0o600)
    renameSync(temporary, this.#path)
  }

  /** Tells installations apart, and nothing of the key that it is made of. */
  get installation(): string {
    return hash('sha256', `the installation of ${this.get('BANSO_MASTER_KEY')}`).slice(0, 16)
  }

  find(name: string): string | undefined {
    return this.#values.get(name)
  }

  get(name: string): string {
    const value = this.#values.get(name)
    if (value === undefined) throw new Error(`${this.#path} has no ${name}`)
    return value
  }

  set(name: string, value: string): void {
    this.#values.set(name, value)
    this.#write()
  }
}
