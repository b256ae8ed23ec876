import type { ActionKind, HeldBackReason } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { ActionSpec } from '../domain/action-spec.ts'
import type { KeyState } from '../domain/decide.ts'
import type { TrailEntry } from '../domain/enter-step.ts'
import type { KeyWindow } from '../domain/plan.ts'
import type { Why } from '../domain/run.ts'
import type { RunState } from '../domain/run-state.ts'

/** Which run it is. */
export interface RunRef {
  readonly id: string
  readonly accountId: string
  readonly playbook: string
  readonly version: number
}

export interface NewRun extends RunRef {
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
  readonly actionId: string
  readonly kind: ActionKind
  readonly spec: ActionSpec
}

/** A run, and where it stands. */
export interface StandingRun extends RunRef {
  readonly state: RunState
}

/** Where a run stands now, and what it did on the way. */
export interface RunMoved {
  readonly id: string
  readonly state: RunState
  readonly trail: readonly TrailEntry[]
}

const ADD = `
  INSERT INTO run (id, playbook, version, account_id, dedupe_key, state, reason, occurred_at, decided_at, why)
  SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[],
    $8::timestamptz[], $9::timestamptz[], $10::json[])`

// $1 to $6 runs, $7 now; $8 to $12 actions; $13 to $16 what steps did, in order.
const MOVE = `
  WITH moved AS (
    UPDATE run SET machine = m.machine, state = m.state, reason = m.reason, watching = m.watching, held = m.held,
      finished_at = CASE WHEN m.state <> 'running' THEN $7::timestamptz END
    FROM unnest($1::uuid[], $2::json[], $3::text[], $4::text[], $5::boolean[], $6::boolean[])
      AS m(id, machine, state, reason, watching, held)
    WHERE run.id = m.id
  ), requested AS (
    INSERT INTO action (run_id, step, action_id, kind, spec, state, next_attempt_at)
    SELECT a.*, 'requested', $7::timestamptz
    FROM unnest($8::uuid[], $9::text[], $10::text[], $11::text[], $12::json[]) AS a
  )
  INSERT INTO run_step (run_id, step, did, at, detail)
  SELECT s.run_id, s.step, s.did, $7::timestamptz, s.detail
  FROM unnest($13::uuid[], $14::text[], $15::text[], $16::json[]) WITH ORDINALITY AS s(run_id, step, did, detail, place)
  ORDER BY s.place`

const FIELDS = 'id, account_id AS "accountId", playbook, version, machine AS state'
const UNDER_WAY = `SELECT ${FIELDS} FROM run WHERE state = 'running'`

/** Looks at the run again whenever the account's facts change. */
const isWatching = (state: RunState): boolean =>
  state.status === 'running' &&
  (state.goals.length > 0 || state.waiting.for === 'condition' || state.waiting.for === 'serious-ticket')

const isHeld = (state: RunState): boolean => state.status === 'running' && state.held.length > 0

/** What deciding needs to know of earlier runs, and where runs stand. Constant numbers of statements per call. */
export class Runs {
  /** Which of these runs are decided already. */
  async decided(tx: EntityManager, ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ id: string }[]>(`SELECT id FROM run WHERE id = ANY($1::uuid[])`, [ids])
    return new Set(rows.map(({ id }) => id))
  }

  /** The states by the windows' keys. `observing`: playbooks whose observed runs count as started. */
  async keyStates(
    tx: EntityManager,
    windows: readonly KeyWindow[],
    observing: readonly string[],
  ): Promise<Map<string, KeyState>> {
    const rows = await tx.query<{ key: string; under_way: string | null; starts: [string, string][] }[]>(
      `SELECT w.key,
        (SELECT r.id FROM run r
         WHERE r.playbook = w.playbook AND r.dedupe_key = w.dedupe_key AND r.state = 'running' LIMIT 1) AS under_way,
        (SELECT coalesce(json_agg(json_build_array(r.id, r.occurred_at)), '[]') FROM run r
         WHERE r.playbook = w.playbook AND r.dedupe_key = w.dedupe_key
           AND (r.state <> 'held-back' OR r.reason = 'observe')
           AND (r.state <> 'held-back' OR w.playbook = ANY($6::text[]))
           AND r.occurred_at > w.after AND r.occurred_at < w.before) AS starts
      FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[])
        AS w(key, playbook, dedupe_key, after, before)`,
      [
        windows.map(({ key }) => key),
        windows.map(({ playbook }) => playbook),
        windows.map(({ dedupeKey }) => dedupeKey),
        windows.map(({ after }) => after),
        windows.map(({ before }) => before),
        observing,
      ],
    )
    return new Map(
      rows.map(({ key, under_way: underWay, starts }) => [
        key,
        { underWay, starts: starts.map(([runId, occurredAt]) => ({ runId, occurredAt: new Date(occurredAt) })) },
      ]),
    )
  }

  async add(tx: EntityManager, runs: readonly NewRun[]): Promise<void> {
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
    ])
  }

  async move(tx: EntityManager, moved: readonly RunMoved[], actions: readonly NewAction[], now: Date): Promise<void> {
    const did = moved.flatMap(({ id, trail }) => trail.map((entry) => ({ id, ...entry })))
    await tx.query(MOVE, [
      moved.map(({ id }) => id),
      moved.map(({ state }) => JSON.stringify(state)),
      moved.map(({ state }) => state.status),
      moved.map(({ state }) => (state.status === 'failed' ? state.reason : null)),
      moved.map(({ state }) => isWatching(state)),
      moved.map(({ state }) => isHeld(state)),
      now,
      actions.map(({ runId }) => runId),
      actions.map(({ step }) => step),
      actions.map(({ actionId }) => actionId),
      actions.map(({ kind }) => kind),
      actions.map(({ spec }) => JSON.stringify(spec)),
      did.map(({ id }) => id),
      did.map(({ step }) => step),
      did.map((entry) => entry.did),
      did.map(({ detail }) => JSON.stringify(detail)),
    ])
  }

  underWay(tx: EntityManager, ids: readonly string[]): Promise<StandingRun[]> {
    return tx.query<StandingRun[]>(`${UNDER_WAY} AND id = ANY($1::uuid[])`, [ids])
  }

  /** A run that failed, unless another of its key is under way. */
  async failed(tx: EntityManager, id: string): Promise<StandingRun | undefined> {
    const [run] = await tx.query<StandingRun[]>(
      `SELECT ${FIELDS} FROM run r WHERE id = $1 AND state = 'failed' AND machine IS NOT NULL AND NOT EXISTS (
         SELECT FROM run o WHERE o.playbook = r.playbook AND o.dedupe_key = r.dedupe_key AND o.state = 'running')`,
      [id],
    )
    return run
  }

  /** Runs of these accounts that wait for what is known of them. */
  watching(tx: EntityManager, accountIds: readonly string[]): Promise<StandingRun[]> {
    return tx.query<StandingRun[]>(`${UNDER_WAY} AND watching AND account_id = ANY($1::uuid[])`, [accountIds])
  }

  /** Runs that a pause holds, behind `after` (empty: from the first), in order; null: of all playbooks. */
  held(tx: EntityManager, playbook: string | null, after: string, limit: number): Promise<StandingRun[]> {
    return tx.query<StandingRun[]>(
      `${UNDER_WAY} AND held AND ($1::text IS NULL OR playbook = $1) AND id > coalesce(nullif($2, '')::uuid,
         '00000000-0000-0000-0000-000000000000') ORDER BY id LIMIT $3`,
      [playbook, after, limit],
    )
  }
}
