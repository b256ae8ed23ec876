import type { DataSource, EntityManager } from 'typeorm'
import { type Attempt, faultClassOf, type Progress } from '../domain/delivery.ts'
import type { PlaybookDocument } from '../domain/playbook.ts'
import type { Why } from '../domain/run.ts'
import type { SecretBox } from './secret-box.ts'

/** A webhook that is to be sent, with all that its request needs. */
export interface Delivery {
  readonly runId: string
  readonly step: string
  readonly webhookId: string
  readonly accountId: string
  readonly playbook: string
  readonly version: number
  readonly url: string
  readonly occurredAt: Date
  readonly why: Why
  /** Attempts made before. */
  readonly made: number
  /** The receiver said that the URL is gone; nothing is sent. */
  readonly gone: boolean
  /** One, or two while a secret is being rotated. */
  readonly secrets: readonly string[]
}

/** A delivery after its timer has fired. */
export interface Delivered {
  readonly delivery: Delivery
  /** Null where the endpoint is gone: nothing was sent. */
  readonly attempt: (Attempt & { readonly madeAt: Date }) | null
  /** Attempts made by now. */
  readonly attempts: number
}

interface DeliveryFields {
  readonly step: string
  readonly webhook_id: string
  readonly attempts: number
  readonly account_id: string
  readonly playbook: string
  readonly version: number
  readonly occurred_at: Date
  readonly why: Why
  readonly document: PlaybookDocument
  readonly secret: Buffer
  readonly previous_secret: Buffer | null
  readonly gone_url: string | null
}

/** The webhooks of runs: what each one needs, and what its attempts came to. */
export class Deliveries {
  constructor(
    private readonly source: DataSource,
    private readonly secrets: SecretBox,
  ) {}

  /** Null when nothing is to be sent any more. */
  async open(runId: string, step: string, now: Date): Promise<Delivery | null> {
    const [row] = await this.source.query<DeliveryFields[]>(
      `SELECT a.step, a.webhook_id, a.attempts, r.account_id, r.playbook, r.version, r.occurred_at, r.why,
         v.document, p.secret, CASE WHEN p.previous_secret_until > $3 THEN p.previous_secret END AS previous_secret,
         p.gone_url
       FROM action a
         JOIN run r ON r.id = a.run_id
         JOIN playbook_version v ON v.name = r.playbook AND v.version = r.version
         JOIN playbook p ON p.name = r.playbook
       WHERE a.run_id = $1 AND a.step = $2 AND a.state = 'requested'`,
      [runId, step, now],
    )
    return row === undefined ? null : this.#deliveryOf(runId, row)
  }

  /** Records what came of a delivery, and where its action and run stand now. */
  async record(tx: EntityManager, delivered: Delivered, progress: Progress, now: Date): Promise<void> {
    const { runId, step, playbook, url } = delivered.delivery
    const ended = progress.kind !== 'again'
    const reason = progress.kind === 'failed' ? progress.reason : null
    const nextAttemptAt = ended ? null : new Date(now.getTime() + progress.inMs)
    await this.#addAttempt(tx, delivered)
    await tx.query(
      `UPDATE action SET state = $3, reason = $4, attempts = $5, next_attempt_at = $6 WHERE run_id = $1 AND step = $2`,
      [runId, step, ended ? progress.kind : 'requested', reason, delivered.attempts, nextAttemptAt],
    )
    if (!ended) return
    await tx.query(`UPDATE run SET state = $2, reason = $3, finished_at = $4 WHERE id = $1`, [
      runId,
      progress.kind,
      reason,
      now,
    ])
    if (progress.kind === 'failed' && progress.disable)
      await tx.query(`UPDATE playbook SET gone_url = $2, gone_at = $3 WHERE name = $1`, [playbook, url, now])
  }

  #deliveryOf(runId: string, row: DeliveryFields): Delivery {
    const { url } = row.document.action
    const sealed = row.previous_secret === null ? [row.secret] : [row.secret, row.previous_secret]
    return {
      runId,
      step: row.step,
      webhookId: row.webhook_id,
      accountId: row.account_id,
      playbook: row.playbook,
      version: row.version,
      url,
      occurredAt: row.occurred_at,
      why: row.why,
      made: row.attempts,
      gone: row.gone_url === url,
      secrets: sealed.map((secret) => this.secrets.open(secret, row.playbook)),
    }
  }

  async #addAttempt(tx: EntityManager, { delivery, attempt, attempts }: Delivered): Promise<void> {
    if (attempt === null) return
    const status = attempt.kind === 'answered' ? attempt.status : null
    await tx.query(
      `INSERT INTO attempt (run_id, step, number, made_at, status, fault) VALUES ($1, $2, $3, $4, $5, $6)`,
      [delivery.runId, delivery.step, attempts, attempt.madeAt, status, faultClassOf(attempt)],
    )
  }
}
