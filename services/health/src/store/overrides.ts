// Scores that people set. What has ended stays, as history.
import type { ScoreOverride } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { ScoreOverrideRow } from './score-rows.ts'

/** As a person sets it. Who answers for it, and the note, stay here: names are not published. */
export interface NewOverride extends ScoreOverride {
  readonly owner: string
  readonly note: string | null
}

export interface KeptOverride extends NewOverride {
  /** Rises with each. */
  readonly id: number
  readonly setAt: string
  readonly endedAt: string | null
  readonly endedBy: OverrideEnd | null
}

export type OverrideEnd = 'expired' | 'lifted' | 'replaced'

/** Ends the one in force; whether there was one. Expiry ends only one that is due. */
export const endOverride = async (
  tx: EntityManager,
  accountId: string,
  by: OverrideEnd,
  now: Date,
): Promise<boolean> => {
  const rows = await tx.query<[unknown[], number]>(
    `UPDATE score_override SET ended_at = $3, ended_by = $2
     WHERE account_id = $1 AND ended_at IS NULL AND ($2 <> 'expired' OR until <= $3)`,
    [accountId, by, now],
  )
  return rows[1] > 0
}

export const setOverride = async (
  tx: EntityManager,
  accountId: string,
  { score, reason, owner, note, until }: NewOverride,
  now: Date,
): Promise<void> => {
  await endOverride(tx, accountId, 'replaced', now)
  await tx.query(
    `INSERT INTO score_override (account_id, score, reason, owner, note, set_at, until)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [accountId, score, reason, owner, note, now, until],
  )
}

/** All that ever were, the newest first. */
export const readOverrides = async (
  database: Pick<EntityManager, 'query'>,
  accountId: string,
  before: number | null,
  limit: number,
): Promise<readonly KeptOverride[]> => {
  const rows = await database.query<ScoreOverrideRow[]>(
    `SELECT * FROM score_override WHERE account_id = $1 AND ($2::int IS NULL OR ordinal < $2)
     ORDER BY ordinal DESC LIMIT $3`,
    [accountId, before, limit],
  )
  return rows.map(({ ordinal, score, reason, owner, note, set_at, until, ended_at, ended_by }) => ({
    id: ordinal,
    score,
    reason,
    owner,
    note,
    setAt: set_at.toISOString(),
    until: until.toISOString(),
    endedAt: ended_at && ended_at.toISOString(),
    endedBy: ended_by,
  }))
}
