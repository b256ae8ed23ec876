import { ProblemError } from '@banso/platform'
import type { EntityManager } from 'typeorm'

/** 404 `ACCOUNT_NOT_FOUND` unless an event of the account has reached us. */
export const mustKnow = async (database: Pick<EntityManager, 'query'>, accountId: string): Promise<void> => {
  const rows = await database.query<unknown[]>(
    `SELECT FROM account WHERE account_id = $1 AND coalesce(newest_usage_at, newest_ticket_at) IS NOT NULL`,
    [accountId],
  )
  if (rows.length > 0) return
  throw new ProblemError({ code: 'ACCOUNT_NOT_FOUND', status: 404, detail: `there is no account ${accountId}` })
}
