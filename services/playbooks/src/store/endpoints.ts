import { hash } from 'node:crypto'
import type { DataSource, EntityManager } from 'typeorm'
import type { SecretBox } from './secret-box.ts'

/** How a playbook's webhooks to a URL are sent. */
export interface Endpoint {
  /** The receiver said that the URL is gone; nothing is sent. */
  readonly gone: boolean
  /** One, or two while a secret is being rotated. */
  readonly secrets: readonly string[]
}

interface EndpointFields {
  readonly secret: Buffer
  readonly previous_secret: Buffer | null
  readonly gone: boolean
}

// A URL may be a secret in itself, so its digest is kept.
const digestOf = (url: string): Buffer => hash('sha256', url, 'buffer')

/** Where the webhooks of playbooks go: by which secrets they are signed, and which URLs are gone. */
export class Endpoints {
  constructor(
    private readonly source: DataSource,
    private readonly secrets: SecretBox,
  ) {}

  async of(playbook: string, url: string, now: Date): Promise<Endpoint> {
    const [row] = await this.source.query<EndpointFields[]>(
      `SELECT p.secret, CASE WHEN p.previous_secret_until > $3 THEN p.previous_secret END AS previous_secret,
         EXISTS (SELECT FROM gone_endpoint g WHERE g.playbook = p.name AND g.url_digest = $2) AS gone
       FROM playbook p WHERE p.name = $1`,
      [playbook, digestOf(url), now],
    )
    if (row === undefined) throw new Error(`the playbook ${playbook} has no secret`)
    const sealed = row.previous_secret === null ? [row.secret] : [row.secret, row.previous_secret]
    return { gone: row.gone, secrets: sealed.map((secret) => this.secrets.open(secret, playbook)) }
  }

  async disable(tx: EntityManager, playbook: string, url: string, now: Date): Promise<void> {
    await tx.query(
      `INSERT INTO gone_endpoint (playbook, url_digest, gone_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
      [playbook, digestOf(url), now],
    )
  }

  /** Lets a playbook's webhooks go to all its URLs again. */
  async enable(tx: EntityManager, playbook: string): Promise<void> {
    await tx.query(`DELETE FROM gone_endpoint WHERE playbook = $1`, [playbook])
  }
}
