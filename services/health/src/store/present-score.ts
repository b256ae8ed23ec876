import type { AccountScored, ScoreOverride } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import { inputTimes } from '../domain/scored.ts'
import type { AccountRow } from './input-rows.ts'

/** A score as people see it: with the name of who answers for an override, which is not published. */
export interface PresentScore extends Omit<AccountScored, 'override'> {
  readonly override?: (ScoreOverride & { readonly owner: string | null }) | null
}

type Row = AccountRow & { readonly scored: AccountScored; readonly owner: string | null }

/** The present score, with its inputs as of now. */
export const readPresentScore = async (
  database: Pick<EntityManager, 'query'>,
  accountId: string,
): Promise<PresentScore | undefined> => {
  const [row] = await database.query<Row[]>(
    `SELECT account.*, scored, owner FROM account_score JOIN account USING (account_id)
     LEFT JOIN score_override ON score_override.account_id = account.account_id AND ended_at IS NULL
     WHERE account.account_id = $1`,
    [accountId],
  )
  if (!row) return undefined
  const { scored, owner, newest_usage_at: newestUsageAt, newest_ticket_at: newestTicketAt } = row
  const { override, ...rest } = scored
  return {
    ...rest,
    ...(override && { override: { ...override, owner } }),
    ...inputTimes({ newestUsageAt, newestTicketAt }),
  }
}
