import { type MasterKey, ProblemError } from '@banso/platform'
import type { DataSource } from 'typeorm'
import type { KeyKind } from '../domain/segment-call.ts'

export type SourceKind = 'segment' | 'zendesk'

/** A product or a desk that sends to us. */
export interface Source {
  readonly name: string
  readonly kind: SourceKind
  readonly namespace: string
  /** Whether a signing secret is known (`zendesk`). */
  readonly signed: boolean
  readonly createdAt: Date
}

export interface NewSource {
  readonly name: string
  readonly kind: SourceKind
  readonly namespace: string
  readonly signingSecret?: string | undefined
}

export interface WriteKey {
  readonly id: string
  readonly kind: KeyKind
  readonly createdAt: Date
  readonly revokedAt: Date | null
}

const SOURCE = `name, kind, namespace, signing_secret IS NOT NULL AS signed, created_at AS "createdAt"`
const KEY = `id, kind, created_at AS "createdAt", revoked_at AS "revokedAt"`

const notFound = (what: string, code: string) =>
  new ProblemError({ code, status: 404, detail: `there is no such ${what}` })

/** Sources and their write keys, as operators manage them. */
export class Sources {
  constructor(
    private readonly database: DataSource,
    private readonly masterKey: MasterKey,
  ) {}

  async create(source: NewSource, now: Date): Promise<Source> {
    const secret = source.signingSecret === undefined ? null : this.#wrapped(source.signingSecret)
    const [made] = await this.database.query<Source[]>(
      `INSERT INTO source (name, kind, namespace, signing_secret, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT DO NOTHING RETURNING ${SOURCE}`,
      [source.name, source.kind, source.namespace, secret, now],
    )
    if (!made)
      throw new ProblemError({
        code: 'SOURCE_EXISTS',
        status: 409,
        detail: 'a source of this name exists',
        pointer: '/name',
      })
    return made
  }

  /** In order of their names. */
  async list(after: string | undefined, limit: number): Promise<Source[]> {
    return this.database.query<Source[]>(
      `SELECT ${SOURCE} FROM source WHERE $1::text IS NULL OR name > $1 ORDER BY name LIMIT $2`,
      [after ?? null, limit],
    )
  }

  async find(name: string): Promise<Source> {
    const [source] = await this.database.query<Source[]>(`SELECT ${SOURCE} FROM source WHERE name = $1`, [name])
    if (!source) throw notFound('source', 'SOURCE_NOT_FOUND')
    return source
  }

  async setSigningSecret(name: string, secret: string): Promise<Source> {
    const [source] = await this.database.query<Source[]>(
      `WITH signed AS (
         UPDATE source SET signing_secret = $2 WHERE name = $1 AND kind = 'zendesk' RETURNING *)
       SELECT ${SOURCE} FROM signed`,
      [name, this.#wrapped(secret)],
    )
    if (!source) throw notFound('source that is signed', 'SOURCE_NOT_FOUND')
    return source
  }

  async addKey(source: string, key: { id: string; kind: KeyKind; digest: string }, now: Date): Promise<void> {
    const { kind } = await this.find(source)
    if (kind !== 'segment')
      throw new ProblemError({
        code: 'SOURCE_HAS_NO_KEYS',
        status: 409,
        detail: 'only segment sources have write keys',
      })
    await this.database.query(
      'INSERT INTO write_key (id, source, kind, digest, created_at) VALUES ($1, $2, $3, $4, $5)',
      [key.id, source, key.kind, key.digest, now],
    )
  }

  /** Oldest first (by id), revoked ones too. */
  async keys(source: string, after: string | undefined, limit: number): Promise<WriteKey[]> {
    await this.find(source)
    return this.database.query<WriteKey[]>(
      `SELECT ${KEY} FROM write_key WHERE source = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3`,
      [source, after ?? null, limit],
    )
  }

  async revokeKey(source: string, id: string, now: Date): Promise<void> {
    const rows = await this.database.query<unknown[]>(
      `WITH revoked AS (
         UPDATE write_key SET revoked_at = coalesce(revoked_at, $3) WHERE source = $1 AND id = $2 RETURNING 1)
       SELECT * FROM revoked`,
      [source, id, now],
    )
    if (rows.length === 0) throw notFound('write key', 'WRITE_KEY_NOT_FOUND')
  }

  #wrapped(secret: string): Buffer {
    return this.masterKey.wrap(Buffer.from(secret, 'utf8'))
  }
}
