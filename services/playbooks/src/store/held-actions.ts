import type { EntityManager } from 'typeorm'
import { MAKE_TASK, SEND_MAIL, SEND_WEBHOOK } from '../start-actions/action-timer.ts'
import { ALL_PLAYBOOKS } from './controls.ts'

const KINDS = [SEND_WEBHOOK, SEND_MAIL, MAKE_TASK]

/** Whether the playbook of a run, or all, are paused. */
export const isPausedRun = async (tx: EntityManager, runId: string): Promise<boolean> => {
  const rows = await tx.query<unknown[]>(
    `SELECT FROM playbook_control
     WHERE paused AND playbook IN ($2, (SELECT playbook FROM run WHERE id = $1)) LIMIT 1`,
    [runId, ALL_PLAYBOOKS],
  )
  return rows.length > 0
}

/** Makes what pauses held due now; null: of all playbooks. The rest of the timers keep their time. */
export const letActionsGo = async (tx: EntityManager, playbook: string | null, now: Date): Promise<void> => {
  await tx.query(
    `WITH held AS (
       SELECT t.id FROM timer t JOIN run r ON r.id = (t.payload->>'runId')::uuid
       WHERE t.kind = ANY($1::text[]) AND t.payload ? 'held' AND ($2::text IS NULL OR r.playbook = $2)
       ORDER BY t.id FOR UPDATE OF t)
     UPDATE timer SET due_at = $3, next_at = $3 FROM held WHERE timer.id = held.id`,
    [KINDS, playbook, now],
  )
}
