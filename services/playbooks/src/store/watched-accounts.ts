import type { EntityManager } from 'typeorm'

/** Accounts behind `after` (empty: from the first) with runs that wait for what is known of them, in order. */
export const watchedAccounts = async (tx: EntityManager, after: string, limit: number): Promise<readonly string[]> => {
  const rows = await tx.query<{ account_id: string }[]>(
    `SELECT DISTINCT account_id FROM run
     WHERE watching AND account_id > coalesce(nullif($1, '')::uuid, '00000000-0000-0000-0000-000000000000')
     ORDER BY account_id LIMIT $2`,
    [after, limit],
  )
  return rows.map((row) => row.account_id)
}
