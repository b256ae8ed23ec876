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

// $1 run, $2 step, $3 attempts made, $4 to $6 the attempt (none when $4 is null), $7 state, $8 reason, $9 next attempt,
// $10 now, $11 playbook whose endpoint is gone (null: none), $12 its URL: it counts while the latest version has it, so
// that what becomes of earlier ones does not open it again.
const RECORD = `
  WITH made AS (
    INSERT INTO attempt (run_id, step, number, made_at, status, fault)
    SELECT $1::uuid, $2::text, $3::int, $4::timestamptz, $5::int, $6::text WHERE $4::timestamptz IS NOT NULL
  ), ended AS (
    UPDATE run SET state = $7::text, reason = $8::text, finished_at = $10::timestamptz
    WHERE id = $1::uuid AND $7::text <> 'requested'
  ), gone AS (
    UPDATE playbook p SET gone_url = $12::text, gone_at = $10::timestamptz FROM playbook_version v
    WHERE p.name = $11::text AND v.name = p.name AND v.version = p.latest_version
      AND v.document->'action'->>'url' = $12::text
  )
  UPDATE action SET state = $7::text, reason = $8::text, attempts = $3::int, next_attempt_at = $9::timestamptz
  WHERE run_id = $1::uuid AND step = $2::text`

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

  /** Records, in one statement, what came of a delivery, and where its action and run stand now. */
  async record(tx: EntityManager, delivered: Delivered, progress: Progress, now: Date): Promise<void> {
    const { delivery, attempt, attempts } = delivered
    const failed = progress.kind === 'failed' ? progress : null
    await tx.query(RECORD, [
      delivery.runId,
      delivery.step,
      attempts,
      attempt?.madeAt ?? null,
      attempt?.kind === 'answered' ? attempt.status : null,
      attempt && faultClassOf(attempt),
      progress.kind === 'again' ? 'requested' : progress.kind,
      failed?.reason ?? null,
      progress.kind === 'again' ? new Date(now.getTime() + progress.inMs) : null,
      now,
      failed?.disable ? delivery.playbook : null,
      delivery.url,
    ])
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
}
