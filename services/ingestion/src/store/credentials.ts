import type { MasterKey } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { KeyKind } from '../domain/segment-call.ts'

/** Whose events a valid write key or signature vouches for. */
export interface Sender {
  readonly source: string
  readonly namespace: string
}

export interface KeyHolder extends Sender {
  readonly digest: string
  readonly kind: KeyKind
}

export interface Desk extends Sender {
  readonly signingSecret: string | undefined
}

interface DeskRow {
  source: string
  namespace: string
  signing_secret: Buffer | null
}

const KEYS = `
  SELECT write_key.digest, write_key.kind, source.name AS source, source.namespace
  FROM write_key JOIN source ON source.name = write_key.source WHERE revoked_at IS NULL`
const DESKS = `SELECT name AS source, namespace, signing_secret FROM source WHERE kind = 'zendesk'`

/** What capture knows its senders by. */
export class Credentials {
  constructor(
    private readonly database: DataSource,
    private readonly masterKey: MasterKey,
  ) {}

  /** The newest `limit` keys that are valid. */
  async keys(limit: number): Promise<KeyHolder[]> {
    return this.database.query<KeyHolder[]>(`${KEYS} ORDER BY write_key.created_at DESC LIMIT $1`, [limit])
  }

  async key(digest: string): Promise<KeyHolder | undefined> {
    const [holder] = await this.database.query<KeyHolder[]>(`${KEYS} AND digest = $1`, [digest])
    return holder
  }

  async desks(limit: number): Promise<Desk[]> {
    return this.#desksOf(await this.database.query<DeskRow[]>(`${DESKS} ORDER BY created_at DESC LIMIT $1`, [limit]))
  }

  async desk(source: string): Promise<Desk | undefined> {
    return this.#desksOf(await this.database.query<DeskRow[]>(`${DESKS} AND name = $1`, [source]))[0]
  }

  #desksOf(rows: readonly DeskRow[]): Desk[] {
    return rows.map(({ source, namespace, signing_secret: wrapped }) => ({
      source,
      namespace,
      signingSecret: wrapped ? this.masterKey.unwrap(wrapped).toString('utf8') : undefined,
    }))
  }
}
