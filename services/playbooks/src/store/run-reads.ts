import type { DataSource } from 'typeorm'
import type { Why } from '../domain/run.ts'

export const RUN_STATES = ['running', 'done', 'failed', 'held-back'] as const
export type RunState = (typeof RUN_STATES)[number]

export interface RunSummary {
  readonly id: string
  readonly playbook: { readonly name: string; readonly version: number }
  readonly account: { readonly id: string }
  readonly state: RunState
  /** Why it was held back or failed. */
  readonly reason: string | null
  /** Event time of the change. */
  readonly occurredAt: Date
  readonly decidedAt: Date
  readonly finishedAt: Date | null
}

export interface AttemptShown {
  readonly number: number
  readonly at: Date
  readonly status: number | null
  readonly fault: string | null
}

export interface ActionShown {
  readonly step: string
  readonly kind: string
  readonly webhookId: string
  readonly state: string
  readonly reason: string | null
  readonly nextAttemptAt: Date | null
  readonly attempts: readonly AttemptShown[]
}

export interface RunShown extends RunSummary {
  readonly why: Why
  readonly actions: readonly ActionShown[]
}

export interface RunFilter {
  readonly account?: string
  readonly playbook?: string
  readonly state?: RunState
}

/** Place in the list, newest first. */
export interface RunPlace {
  readonly decidedAt: string
  readonly id: string
}

const SUMMARY = `r.id, json_build_object('name', r.playbook, 'version', r.version) AS playbook,
  json_build_object('id', r.account_id) AS account, r.state, r.reason, r.occurred_at AS "occurredAt",
  r.decided_at AS "decidedAt", r.finished_at AS "finishedAt"`

// An action with its times as JSON of Postgres.
interface ActionFields extends Omit<ActionShown, 'nextAttemptAt' | 'attempts'> {
  readonly nextAttemptAt: string | null
  readonly attempts: readonly (Omit<AttemptShown, 'at'> & { readonly at: string })[]
}

const ACTIONS = `(
  SELECT coalesce(json_agg(json_build_object('step', a.step, 'kind', a.kind, 'webhookId', a.webhook_id,
    'state', a.state, 'reason', a.reason, 'nextAttemptAt', a.next_attempt_at, 'attempts', (
      SELECT coalesce(json_agg(json_build_object('number', t.number, 'at', t.made_at, 'status', t.status,
        'fault', t.fault) ORDER BY t.number), '[]')
      FROM attempt t WHERE t.run_id = a.run_id AND t.step = a.step
    )) ORDER BY a.step), '[]')
  FROM action a WHERE a.run_id = r.id) AS actions`

/** Runs as they are shown. */
export class RunReads {
  constructor(private readonly source: DataSource) {}

  /** Newest first, from behind a place on. */
  list({ account, playbook, state }: RunFilter, behind: RunPlace | undefined, limit: number): Promise<RunSummary[]> {
    const values: unknown[] = []
    const where = [
      account !== undefined && `r.account_id = $${values.push(account)}`,
      playbook !== undefined && `r.playbook = $${values.push(playbook)}`,
      state !== undefined && `r.state = $${values.push(state)}`,
      behind && `(r.decided_at, r.id) < ($${values.push(behind.decidedAt)}, $${values.push(behind.id)})`,
    ].filter((condition) => typeof condition === 'string')
    return this.source.query<RunSummary[]>(
      `SELECT ${SUMMARY} FROM run r ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY r.decided_at DESC, r.id DESC LIMIT $${values.push(limit)}`,
      values,
    )
  }

  /** In one statement, so that what is shown was true at one moment. */
  async get(id: string): Promise<RunShown | undefined> {
    const [run] = await this.source.query<(RunSummary & { why: Why; actions: ActionFields[] })[]>(
      `SELECT ${SUMMARY}, r.why, ${ACTIONS} FROM run r WHERE r.id = $1`,
      [id],
    )
    return run && { ...run, actions: run.actions.map(shown) }
  }
}

const shown = ({ nextAttemptAt, attempts, ...action }: ActionFields): ActionShown => ({
  ...action,
  nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt),
  attempts: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: new Date(at) })),
})
