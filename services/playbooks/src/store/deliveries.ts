import type { AccountFacts } from '@banso/conditions'
import type { ActionKind } from '@banso/contracts'
import type { DataSource, EntityManager } from 'typeorm'
import type { ActionSpec } from '../domain/action-spec.ts'
import { type Attempt, faultClassOf, type Progress } from '../domain/delivery.ts'
import type { ActionRequest } from '../domain/ports.ts'
import type { Why } from '../domain/run.ts'

/** An action that is to be performed, with all that it says. */
export interface Delivery extends ActionRequest {
  /** What was known of the account when it was requested: every attempt says the same. Empty for one of an old release. */
  readonly facts: AccountFacts | Readonly<Record<string, never>>
  readonly requestedAt: Date
  readonly occurredAt: Date
  readonly why: Why
  /** Attempts made before, since it was requested or last re-driven. */
  readonly made: number
  /** Attempts made before the last time it was re-driven. */
  readonly madeBefore: number
  /** An earlier attempt may have arrived, though nobody knows. */
  readonly unsure: boolean
  /** Version of the content that earlier attempts were written by; null: none was. */
  readonly contentVersion: number | null
}

/** A delivery after its timer has fired. */
export interface Delivered {
  readonly delivery: Delivery
  readonly attempt: Attempt
  readonly madeAt: Date
  readonly contentVersion: number | null
}

interface DeliveryFields {
  readonly run_id: string
  readonly step: string
  readonly action_id: string
  readonly kind: ActionKind
  readonly account_id: string
  readonly playbook: string
  readonly version: number
  readonly spec: ActionSpec
  readonly context: Delivery['facts']
  readonly requested_at: Date
  readonly occurred_at: Date
  readonly why: Why
  readonly attempts: number
  readonly attempts_before: number
  readonly unsure_since: Date | null
  readonly content_version: number | null
}

const OPEN = `
  SELECT a.run_id, a.step, a.action_id, a.kind, a.spec, a.attempts, r.account_id, r.playbook, r.version,
    r.occurred_at, r.why, d.context, d.requested_at, d.attempts_before, d.unsure_since, d.content_version
  FROM action a JOIN run r ON r.id = a.run_id JOIN delivery d ON d.run_id = a.run_id AND d.step = a.step
  WHERE a.run_id = $1 AND a.step = $2 AND a.state = 'requested'`

// $1 run, $2 step, $3 attempts by now, $4 to $7 the attempt (none when $4 is null), $8 state, $9 reason,
// $10 next attempt, $11 whether nobody knows what became of this one, $12 version of the content.
const RECORD = `
  WITH made AS (
    INSERT INTO attempt (run_id, step, number, made_at, status, fault, possible_double)
    SELECT $1::uuid, $2::text, $3::int, $4::timestamptz, $5::int, $6::text, $7::boolean WHERE $4::timestamptz IS NOT NULL
  ), delivered AS (
    UPDATE delivery SET content_version = $12::int,
      unsure_since = CASE WHEN $7::boolean OR $11::boolean THEN coalesce(unsure_since, $4::timestamptz) END
    WHERE run_id = $1::uuid AND step = $2::text
  )
  UPDATE action SET state = $8::text, reason = $9::text, attempts = $3::int, next_attempt_at = $10::timestamptz
  WHERE run_id = $1::uuid AND step = $2::text`

const deliveryOf = (row: DeliveryFields): Delivery => ({
  runId: row.run_id,
  step: row.step,
  actionId: row.action_id,
  kind: row.kind,
  accountId: row.account_id,
  playbook: row.playbook,
  version: row.version,
  spec: row.spec,
  facts: row.context,
  requestedAt: row.requested_at,
  occurredAt: row.occurred_at,
  why: row.why,
  made: row.attempts - row.attempts_before,
  madeBefore: row.attempts_before,
  unsure: row.unsure_since !== null,
  contentVersion: row.content_version,
})

/** What performing the actions of runs needs, and what its attempts came to. */
export class Deliveries {
  constructor(private readonly source: DataSource) {}

  /** Keeps what is known of each account at the time of the request. */
  async add(
    tx: EntityManager,
    requests: readonly ActionRequest[],
    facts: ReadonlyMap<string, AccountFacts>,
    now: Date,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO delivery (run_id, step, context, requested_at)
       SELECT r.run_id, r.step, r.context, $4 FROM unnest($1::uuid[], $2::text[], $3::json[]) AS r(run_id, step, context)
       ON CONFLICT DO NOTHING`,
      [
        requests.map(({ runId }) => runId),
        requests.map(({ step }) => step),
        requests.map(({ accountId }) => JSON.stringify(facts.get(accountId) ?? {})),
        now,
      ],
    )
  }

  /** Null when nothing is to be done any more. */
  async open(runId: string, step: string): Promise<Delivery | null> {
    const [row] = await this.source.query<DeliveryFields[]>(OPEN, [runId, step])
    return row === undefined ? null : deliveryOf(row)
  }

  /**
   * Notes, before the first byte leaves, that an attempt is under way to a receiver that cannot tell a repeat. What was
   * noted and not recorded after it, because the process died, makes the next attempt a possible double.
   */
  async begin({ runId, step }: Delivery, now: Date): Promise<void> {
    await this.source.query(
      `UPDATE delivery SET unsure_since = coalesce(unsure_since, $3) WHERE run_id = $1 AND step = $2`,
      [runId, step, now],
    )
  }

  /** Records, in one statement, what came of a delivery and where its action stands now. Gives the attempts by now. */
  async record(tx: EntityManager, delivered: Delivered, progress: Progress, now: Date): Promise<number> {
    const { delivery, attempt, madeAt, contentVersion } = delivered
    const made = attempt.kind !== 'obstacle'
    const attempts = delivery.madeBefore + delivery.made + (made ? 1 : 0)
    await tx.query(RECORD, [
      delivery.runId,
      delivery.step,
      attempts,
      made ? madeAt : null,
      attempt.kind === 'answered' ? attempt.status : null,
      faultClassOf(attempt),
      delivery.unsure,
      progress.kind === 'again' ? 'requested' : progress.kind,
      progress.kind === 'failed' ? progress.reason : null,
      progress.kind === 'again' ? new Date(now.getTime() + progress.inMs) : null,
      attempt.kind === 'fault' && attempt.unsure,
      contentVersion,
    ])
    return attempts
  }

  /** Asks again for a failed action, by its content as it is now; null when it is not failed. */
  async redrive(tx: EntityManager, runId: string, step: string, now: Date): Promise<ActionRequest | null> {
    const [row] = await tx.query<
      Pick<DeliveryFields, 'account_id' | 'playbook' | 'version' | 'action_id' | 'kind' | 'spec'>[]
    >(
      `WITH again AS (
         UPDATE action SET state = 'requested', reason = NULL, next_attempt_at = $3
         WHERE run_id = $1 AND step = $2 AND state = 'failed' RETURNING run_id, step, action_id, kind, spec, attempts
       ), delivered AS (
         UPDATE delivery d SET attempts_before = a.attempts, content_version = NULL
         FROM again a WHERE d.run_id = a.run_id AND d.step = a.step
       )
       SELECT r.account_id, r.playbook, r.version, a.action_id, a.kind, a.spec FROM again a JOIN run r ON r.id = a.run_id`,
      [runId, step, now],
    )
    if (row === undefined) return null
    const { account_id: accountId, playbook, version, action_id: actionId, kind, spec } = row
    return { runId, step, actionId, kind, accountId, playbook, version, spec }
  }
}
