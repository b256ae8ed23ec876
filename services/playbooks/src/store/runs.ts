import type { EntityManager } from 'typeorm'
import type { HeldBackReason, KeyState } from '../domain/decide.ts'
import type { KeyWindow } from '../domain/plan.ts'
import type { Why } from '../domain/run.ts'

export interface NewRun {
  readonly id: string
  readonly playbook: string
  readonly version: number
  readonly accountId: string
  readonly dedupeKey: string
  readonly occurredAt: Date
  readonly decidedAt: Date
  readonly why: Why
  /** Null for a run that starts. */
  readonly heldBack: HeldBackReason | null
}

export interface NewAction {
  readonly runId: string
  readonly step: string
  readonly kind: 'webhook'
  readonly webhookId: string
  /** Of the first attempt. */
  readonly dueAt: Date
}

const ADD = `
  WITH added AS (
    INSERT INTO run (id, playbook, version, account_id, dedupe_key, state, reason, occurred_at, decided_at, why)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[],
      $8::timestamptz[], $9::timestamptz[], $10::json[])
  )
  INSERT INTO action (run_id, step, kind, webhook_id, state, next_attempt_at)
  SELECT a.run_id, a.step, a.kind, a.webhook_id, 'requested', a.due_at
  FROM unnest($11::uuid[], $12::text[], $13::text[], $14::text[], $15::timestamptz[])
    AS a(run_id, step, kind, webhook_id, due_at)`

/** What deciding needs to know of earlier runs, and what it decided. Constant numbers of statements per call. */
export class Runs {
  /** Which of these runs are decided already. */
  async decided(tx: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }[]>(`SELECT id FROM run WHERE id = ANY($1::uuid[])`, [ids])
    return new Set(rows.map(({ id }) => id))
  }

  /** The states by the windows' keys. */
  async keyStates(tx: EntityManager, windows: readonly KeyWindow[]): Promise<Map<string, KeyState>> {
    const rows = await tx.query<{ key: string; under_way: string | null; starts: [string, string][] }[]>(
      `SELECT w.key,
        (SELECT r.id FROM run r
         WHERE r.playbook = w.playbook AND r.dedupe_key = w.dedupe_key AND r.state = 'running' LIMIT 1) AS under_way,
        (SELECT coalesce(json_agg(json_build_array(r.id, r.occurred_at)), '[]') FROM run r
         WHERE r.playbook = w.playbook AND r.dedupe_key = w.dedupe_key AND r.state <> 'held-back'
           AND r.occurred_at > w.after AND r.occurred_at < w.before) AS starts
      FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        AS w(key, playbook, dedupe_key, after, before)`,
      [
        windows.map(({ key }) => key),
        windows.map(({ playbook }) => playbook),
        windows.map(({ dedupeKey }) => dedupeKey),
        windows.map(({ after }) => after),
        windows.map(({ before }) => before),
      ],
    )
    return new Map(
      rows.map(({ key, under_way: underWay, starts }) => [
        key,
        { underWay, starts: starts.map(([runId, occurredAt]) => ({ runId, occurredAt: new Date(occurredAt) })) },
      ]),
    )
  }

  async add(tx: EntityManager, runs: readonly NewRun[], actions: readonly NewAction[]): Promise<void> {
    await tx.query(ADD, [
      runs.map(({ id }) => id),
      runs.map(({ playbook }) => playbook),
      runs.map(({ version }) => version),
      runs.map(({ accountId }) => accountId),
      runs.map(({ dedupeKey }) => dedupeKey),
      runs.map(({ heldBack }) => (heldBack === null ? 'running' : 'held-back')),
      runs.map(({ heldBack }) => heldBack),
      runs.map(({ occurredAt }) => occurredAt),
      runs.map(({ decidedAt }) => decidedAt),
      runs.map(({ why }) => JSON.stringify(why)),
      actions.map(({ runId }) => runId),
      actions.map(({ step }) => step),
      actions.map(({ kind }) => kind),
      actions.map(({ webhookId }) => webhookId),
      actions.map(({ dueAt }) => dueAt),
    ])
  }
}
