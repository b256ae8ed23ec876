// Milestones that people say are reached. They are kept by us alone, and stay when what events say is made anew.
import type { EntityManager } from 'typeorm'

export interface ManualMilestone {
  readonly accountId: string
  readonly milestone: string
  readonly at: Date
  readonly by: string
  readonly note: string
}

/** The first word stands: whether this was it. */
export const recordMilestone = async (tx: EntityManager, said: ManualMilestone): Promise<boolean> => {
  const rows = await tx.query<unknown[]>(
    `INSERT INTO manual_milestone (account_id, milestone, at, "by", note) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING account_id`,
    [said.accountId, said.milestone, said.at, said.by, said.note],
  )
  return rows.length > 0
}

/** Whether there was one to take back. */
export const takeBackMilestone = async (tx: EntityManager, accountId: string, milestone: string): Promise<boolean> => {
  const [rows] = await tx.query<[unknown[], number]>(
    `DELETE FROM manual_milestone WHERE account_id = $1 AND milestone = $2 RETURNING account_id`,
    [accountId, milestone],
  )
  return rows.length > 0
}
