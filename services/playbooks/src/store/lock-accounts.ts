import type { LockKeys } from '@banso/messaging'

/** Locks the rows of accounts, in key order, making what is missing. */
export const lockAccounts: LockKeys = async (tx, keys) => {
  await tx.query(
    `INSERT INTO account (id) SELECT DISTINCT key FROM unnest($1::uuid[]) AS key ORDER BY key ON CONFLICT DO NOTHING`,
    [keys],
  )
  await tx.query(`SELECT id FROM account WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`, [keys])
}
