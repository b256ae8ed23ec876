import type { DataSource } from 'typeorm'
import type { Why } from '../domain/run.ts'
import type { RunState as Machine } from '../domain/run-state.ts'

export const RUN_STATES = ['running', 'done', 'failed', 'goal', 'exited', 'held-back'] as const
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
  /** `<run id>-<step>`: the webhook-id, the left part of a Message-ID, a task's id. */
  readonly actionId: string
  readonly state: string
  readonly reason: string | null
  readonly nextAttemptAt: Date | null
  readonly attempts: readonly AttemptShown[]
}

/** What a step did, and the facts that it went by. */
export interface StepShown {
  readonly step: string
  readonly did: string
  readonly at: Date
  readonly detail: Readonly<Record<string, unknown>>
}

/** What a run waits for. `until`: null while an action is under way. */
export interface WaitShown {
  readonly step: string
  readonly for: string
  readonly until: string | null
  /** Something came while the playbook was paused; it has its effect when that ends. */
  readonly held: boolean
}

export interface RunShown extends RunSummary {
  readonly why: Why
  readonly waiting: WaitShown | null
  readonly steps: readonly StepShown[]
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
  SELECT coalesce(json_agg(json_build_object('step', a.step, 'kind', a.kind, 'actionId', a.action_id,
    'state', a.state, 'reason', a.reason, 'nextAttemptAt', a.next_attempt_at, 'attempts', (
      SELECT coalesce(json_agg(json_build_object('number', t.number, 'at', t.made_at, 'status', t.status,
        'fault', t.fault) ORDER BY t.number), '[]')
      FROM attempt t WHERE t.run_id = a.run_id AND t.step = a.step
    )) ORDER BY a.step), '[]')
  FROM action a WHERE a.run_id = r.id) AS actions`

const STEPS = `(
  SELECT coalesce(json_agg(json_build_object('step', s.step, 'did', s.did, 'at', s.at, 'detail', s.detail)
    ORDER BY s.id), '[]') FROM run_step s WHERE s.run_id = r.id) AS steps`

interface RunFields extends RunSummary {
  readonly why: Why
  readonly machine: Machine | null
  readonly actions: readonly ActionFields[]
  readonly steps: readonly (Omit<StepShown, 'at'> & { readonly at: string })[]
}

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
    const [run] = await this.source.query<RunFields[]>(
      `SELECT ${SUMMARY}, r.why, r.machine, ${ACTIONS}, ${STEPS} FROM run r WHERE r.id = $1`,
      [id],
    )
    if (run === undefined) return undefined
    const { machine, actions, steps, ...summary } = run
    return {
      ...summary,
      waiting: waitingIn(machine),
      steps: steps.map(({ at, ...step }) => ({ ...step, at: new Date(at) })),
      actions: actions.map(shown),
    }
  }
}

const shown = ({ nextAttemptAt, attempts, ...action }: ActionFields): ActionShown => ({
  ...action,
  nextAttemptAt: nextAttemptAt === null ? null : new Date(nextAttemptAt),
  attempts: attempts.map(({ at, ...attempt }) => ({ ...attempt, at: new Date(at) })),
})

const waitingIn = (machine: Machine | null): WaitShown | null => {
  if (machine?.status !== 'running') return null
  const { step, waiting, held } = machine
  return { step, for: waiting.for, until: 'until' in waiting ? waiting.until : null, held: held.length > 0 }
}
