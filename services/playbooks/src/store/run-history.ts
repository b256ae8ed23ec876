import type { EntityManager } from 'typeorm'
import type { RunTold } from '../domain/explain/tell.ts'
import type { Why } from '../domain/run.ts'

/** What became of an occasion that matched: a run, or one that was held back. */
export interface PastRun extends RunTold {
  readonly id: string
  readonly version: number
  /** Event time of the occasion. */
  readonly occurredAt: Date
  readonly finishedAt: Date | null
  readonly why: Why
}

/** What a playbook did about one account. */
export class RunHistory {
  async isKnown(tx: EntityManager, accountId: string): Promise<boolean> {
    const rows = await tx.query<unknown[]>(`SELECT FROM account WHERE id = $1`, [accountId])
    return rows.length > 0
  }

  /** Newest first. */
  last(tx: EntityManager, playbook: string, accountId: string, limit: number): Promise<PastRun[]> {
    return tx.query<PastRun[]>(
      `SELECT id, version, state, reason, CASE WHEN state = 'running' THEN machine->>'step' END AS step,
         occurred_at AS "occurredAt", decided_at AS "decidedAt", finished_at AS "finishedAt", why
       FROM run WHERE account_id = $1 AND playbook = $2 ORDER BY decided_at DESC, id DESC LIMIT $3`,
      [accountId, playbook, limit],
    )
  }
}
