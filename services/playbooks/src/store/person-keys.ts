import { type MasterKey, unseal, type SealedFields } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import { addressIn } from '../domain/mail-address.ts'

/** `key-missing`: there may be an address, but it cannot be opened: its key has not come yet, or was destroyed. */
export type OwnerAddress =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'key-missing' }

/** Wrapped data keys of persons and accounts, and what they open. */
export class PersonKeys {
  constructor(
    private readonly source: DataSource,
    private readonly masterKey: MasterKey,
  ) {}

  /** In the order of the log; at most one per subject. */
  async keep(tx: EntityManager, keys: readonly { subject: string; wrappedKey: Buffer }[]): Promise<void> {
    await tx.query(
      `INSERT INTO person_key (subject, wrapped_key) SELECT * FROM unnest($1::uuid[], $2::bytea[])
       ON CONFLICT (subject) DO UPDATE SET wrapped_key = excluded.wrapped_key
       WHERE person_key.wrapped_key <> excluded.wrapped_key`,
      [keys.map(({ subject }) => subject), keys.map(({ wrappedKey }) => wrappedKey)],
    )
  }

  /** The address in the group trait `owner` of an account. It is opened for a mail that is being sent, and kept nowhere. */
  async ownerAddress(accountId: string): Promise<OwnerAddress> {
    const [row] = await this.source.query<{ sealed: SealedFields | null; wrapped_key: Buffer | null }[]>(
      `SELECT f.profile->'sealed' AS sealed, k.wrapped_key
       FROM account_facts f LEFT JOIN person_key k ON k.subject::text = f.profile->'sealed'->>'subject'
       WHERE f.account_id = $1`,
      [accountId],
    )
    if (!row?.sealed) return { kind: 'none' }
    if (row.wrapped_key === null) return { kind: 'key-missing' }
    const address = addressIn(unseal(row.sealed, this.masterKey.unwrap(row.wrapped_key))['owner'])
    return address === null ? { kind: 'none' } : { kind: 'address', address }
  }
}
