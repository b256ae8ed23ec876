import type { LockKeys } from './work.ts'

/**
 * Locks rows of the service's table `account`, in the order of their ids, and makes those that are missing. Most often none
 * is: then it is one statement. `strength`: where other tables refer to an account, `NO KEY UPDATE` lets them.
 */
export const accountLocks =
  (idColumn: 'id' | 'account_id', strength: 'UPDATE' | 'NO KEY UPDATE' = 'UPDATE'): LockKeys =>
  async (tx, keys) => {
    const sorted = [...new Set(keys)].toSorted()
    const ids = [`{${sorted.join(',')}}`] // pg would escape each
    const lock = (): Promise<unknown[]> =>
      tx.query(`SELECT FROM account WHERE ${idColumn} = ANY($1::uuid[]) ORDER BY ${idColumn} FOR ${strength}`, ids)
    if ((await lock()).length === sorted.length) return
    await tx.query(`INSERT INTO account (${idColumn}) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING`, ids)
    await lock()
  }
