import type { EntityManager } from 'typeorm'
import type { Timing } from '../domain/schedule/due.ts'

/** How far the accounts were gone over for the time that was due last. */
export interface ScheduleProgress {
  readonly timing: Timing
  /** Null: none was due yet. */
  readonly dueAt: Date | null
  /** The last account gone over; empty: none. */
  readonly goneOver: string
  readonly finished: boolean
}

/** One page of accounts. */
export interface Stretch {
  readonly playbook: string
  readonly timing: Timing
  readonly dueAt: Date
  /** The last account before it, and its own last one. */
  readonly from: string
  readonly to: string
  readonly last: boolean
}

// Of one form, so that the same timing is the same text; a `json` column keeps it as it is.
const textOf = ({ every, at, zone }: Timing): string => JSON.stringify({ every, at, zone })

/** The timings of playbooks that come by themselves, and how far each has come. */
export class Schedules {
  /** Notes timings and forgets others; names the playbooks whose timing is new. */
  async keep(
    tx: EntityManager,
    wanted: ReadonlyMap<string, Timing>,
    unwanted: readonly string[],
  ): Promise<readonly string[]> {
    await tx.query(`DELETE FROM playbook_schedule WHERE playbook = ANY($1::text[])`, [unwanted])
    const changed = await tx.query<{ playbook: string }[]>(
      `INSERT INTO playbook_schedule AS known (playbook, timing) SELECT * FROM unnest($1::text[], $2::json[])
       ON CONFLICT (playbook) DO UPDATE SET timing = excluded.timing, due_at = NULL, gone_over = '', finished = false
       WHERE known.timing::text <> excluded.timing::text RETURNING playbook`,
      [[...wanted.keys()], [...wanted.values()].map(textOf)],
    )
    return changed.map(({ playbook }) => playbook)
  }

  async progress(tx: EntityManager, playbook: string): Promise<ScheduleProgress | undefined> {
    const [row] = await tx.query<{ timing: Timing; due_at: Date | null; gone_over: string; finished: boolean }[]>(
      `SELECT timing, due_at, gone_over, finished FROM playbook_schedule WHERE playbook = $1`,
      [playbook],
    )
    return row && { timing: row.timing, dueAt: row.due_at, goneOver: row.gone_over, finished: row.finished }
  }

  /** Notes a stretch as gone over; false where that is not what comes next (any more). */
  async goOver(tx: EntityManager, { playbook, timing, dueAt, from, to, last }: Stretch): Promise<boolean> {
    const rows = await tx.query<{ playbook: string }[]>(
      `WITH gone_over AS (
         UPDATE playbook_schedule SET due_at = $3, gone_over = $5, finished = $6
         WHERE playbook = $1 AND timing::text = $2 AND (
           (due_at = $3 AND gone_over = $4 AND NOT finished) OR
           ($4 = '' AND (due_at IS NULL OR due_at < $3)))
         RETURNING playbook)
       SELECT playbook FROM gone_over`,
      [playbook, textOf(timing), dueAt, from, to, last],
    )
    return rows.length > 0
  }
}
