import { type MasterKey, type SealedFields, unseal } from '@banso/platform'
import type { DataSource, EntityManager } from 'typeorm'
import { addressIn } from '../domain/mail-address.ts'

/** `key-missing`: there may be an address, but it cannot be opened: its key has not come yet, or was destroyed. */
export type OwnerAddress =
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'key-missing' }

/** What an event said of an account that concerns its owner, or may do so once it is opened. */
export interface OwnerSaid {
  readonly accountId: string
  readonly saidAt: Date
  readonly saidBy: string
  /** The group trait `owner` is among the open ones: the sealed part of it, where there is one, is in `sealed`. */
  readonly openly: boolean
  readonly sealed: SealedFields | null
}

interface KeyFields {
  readonly subject: string
  readonly wrapped_key: Buffer
}

/**
 * The latest word on each account's owner, sealed as it came: traits that an event does not name stay as they were, and
 * what is sealed has to be opened to know what it names. Kept are the latest event that names an owner, and later ones that
 * could not be opened yet.
 */
export class AccountOwners {
  constructor(
    private readonly source: DataSource,
    private readonly masterKey: MasterKey,
  ) {}

  /** In any order, again or late: the same is kept. Constant numbers of statements. */
  async keep(tx: EntityManager, said: readonly OwnerSaid[]): Promise<void> {
    if (said.length === 0) return
    const accounts = [...new Set(said.map(({ accountId }) => accountId))]
    const rows = await tx.query<KeyFields[]>(
      `SELECT subject, wrapped_key FROM person_key WHERE subject = ANY($1::uuid[])`,
      [accounts],
    )
    const keys = new Map(rows.map((row) => [row.subject, row.wrapped_key]))
    const kept = said.flatMap((one) => {
      const fields = this.#opened(one.sealed, keys.get(one.accountId))
      const names = one.openly || (fields !== null && Object.hasOwn(fields, 'owner'))
      return names || fields === null ? [{ ...one, names }] : []
    })
    if (kept.length === 0) return
    await tx.query(
      `INSERT INTO account_owner (account_id, said_at, said_by, names_owner, sealed)
       SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::boolean[], $5::json[]) ON CONFLICT DO NOTHING`,
      [
        kept.map(({ accountId }) => accountId),
        kept.map(({ saidAt }) => saidAt),
        kept.map(({ saidBy }) => saidBy),
        kept.map(({ names }) => names),
        kept.map(({ sealed }) => (sealed === null ? null : JSON.stringify(sealed))),
      ],
    )
    await tx.query(
      `DELETE FROM account_owner o WHERE account_id = ANY($1::uuid[]) AND EXISTS (
         SELECT FROM account_owner later WHERE later.account_id = o.account_id AND later.names_owner
           AND (later.said_at, later.said_by) > (o.said_at, o.said_by))`,
      [accounts],
    )
  }

  /** The owner's address. It is opened for a mail that is being sent, and kept nowhere. */
  async address(accountId: string): Promise<OwnerAddress> {
    const rows = await this.source.query<
      { names_owner: boolean; sealed: SealedFields | null; wrapped_key: Buffer | null }[]
    >(
      `SELECT o.names_owner, o.sealed, k.wrapped_key FROM account_owner o
       LEFT JOIN person_key k ON k.subject = o.account_id
       WHERE o.account_id = $1 ORDER BY o.said_at DESC, o.said_by DESC`,
      [accountId],
    )
    let closed = false
    for (const { names_owner: names, sealed, wrapped_key: key } of rows) {
      const fields = this.#opened(sealed, key ?? undefined)
      closed ||= fields === null
      if (fields === null || !(names || Object.hasOwn(fields, 'owner'))) continue
      const address = addressIn(fields['owner'])
      return address === null ? { kind: 'none' } : { kind: 'address', address }
    }
    return { kind: closed ? 'key-missing' : 'none' }
  }

  /** Null: it cannot be opened, or not yet. */
  #opened(sealed: SealedFields | null, wrappedKey: Buffer | undefined): Readonly<Record<string, unknown>> | null {
    if (sealed === null) return {}
    if (wrappedKey === undefined) return null
    try {
      return unseal(sealed, this.masterKey.unwrap(wrappedKey))
    } catch {
      return null // by another key than the one that is here
    }
  }
}
