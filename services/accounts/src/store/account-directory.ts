// The read side: accounts as people ask for them.
import type { DataSource } from 'typeorm'
import { isObserved, profiledOf } from '../domain/profile.ts'
import type { AccountRow } from './account.row.ts'
import { profileOf } from './mapping.ts'

/** An account as the API shows it: without the sealed field, which is of use only to who has the keys. */
export interface AccountView {
  readonly accountId: string
  readonly externalId: string | null
  readonly namespace: string | null
  readonly name: string | null
  readonly segment: string
  readonly traits: Record<string, unknown>
  readonly firstObservedAt: string
  readonly lastObservedAt: string
  /** Persons seen in this account so far. */
  readonly people: number
}

export interface AccountFilter {
  /** Accounts after this id. */
  readonly after?: string | undefined
  readonly limit: number
  readonly externalId?: string | undefined
  /** Begins so, in any case. */
  readonly namePrefix?: string | undefined
}

const viewOf = (row: AccountRow): AccountView[] => {
  const profile = profileOf(row)
  if (!isObserved(profile)) return []
  const { sealed: _, ...shown } = profiledOf(profile)
  return [{ ...shown, people: row.people }]
}

const likePrefix = (prefix: string): string => `${prefix.replaceAll(/[\\%_]/g, '\\$&')}%`

export class AccountDirectory {
  constructor(private readonly database: DataSource) {}

  async find(accountId: string): Promise<AccountView | undefined> {
    const rows = await this.database.query<AccountRow[]>(`SELECT * FROM account WHERE account_id = $1`, [accountId])
    return rows.flatMap(viewOf)[0]
  }

  /** In order of their ids. */
  async list({ after, limit, externalId, namePrefix }: AccountFilter): Promise<AccountView[]> {
    const rows = await this.database.query<AccountRow[]>(
      `SELECT * FROM account
       WHERE first_observed_at IS NOT NULL
         AND ($1::uuid IS NULL OR account_id > $1)
         AND ($2::text IS NULL OR external_id = $2)
         AND ($3::text IS NULL OR lower(name) LIKE lower($3))
       ORDER BY account_id LIMIT $4`,
      [after ?? null, externalId ?? null, namePrefix === undefined ? null : likePrefix(namePrefix), limit],
    )
    return rows.flatMap(viewOf)
  }
}
