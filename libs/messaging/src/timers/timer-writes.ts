import type { EntityManager } from 'typeorm'
import type { NewTimer } from '../work.ts'

/** A timer with the `traceparent` of what sets it. */
export interface TracedTimer extends NewTimer {
  readonly traceparent?: string | undefined
}

/** Sets these timers; one that exists is replaced, and a claim of it under way loses its token. Each id once. */
export const setTimers = async (tx: EntityManager, timers: readonly TracedTimer[]): Promise<void> => {
  if (timers.length === 0) return
  await tx.query(
    `INSERT INTO timer (id, key, due_at, next_at, kind, payload, traceparent)
     SELECT id, key, due_at, due_at, kind, payload, traceparent
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::jsonb[], $6::text[])
       AS t(id, key, due_at, kind, payload, traceparent)
     ORDER BY id
     ON CONFLICT (id) DO UPDATE SET key = excluded.key, due_at = excluded.due_at, next_at = excluded.next_at,
       kind = excluded.kind, payload = excluded.payload, traceparent = excluded.traceparent, lease_until = NULL, token = NULL, attempts = 0, failures = 0`,
    [
      timers.map((timer) => timer.id),
      timers.map((timer) => timer.key),
      timers.map((timer) => timer.dueAt.toISOString()),
      timers.map((timer) => timer.kind),
      timers.map((timer) => JSON.stringify(timer.payload ?? null)),
      timers.map((timer) => timer.traceparent ?? null),
    ],
  )
}

/** Takes these timers away; a claim of one under way loses its token. */
export const deleteTimers = async (tx: EntityManager, ids: readonly string[]): Promise<void> => {
  if (ids.length === 0) return
  await tx.query(
    `WITH locked AS (SELECT id FROM timer WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE)
     DELETE FROM timer USING locked WHERE timer.id = locked.id`,
    [ids],
  )
}
