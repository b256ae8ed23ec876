import type { EntityManager } from 'typeorm'

/** Wrapped data keys of persons and accounts. */
export class PersonKeys {
  /** In the order of the log; at most one per subject. */
  async keep(tx: EntityManager, keys: readonly { subject: string; wrappedKey: Buffer }[]): Promise<void> {
    await tx.query(
      `INSERT INTO person_key (subject, wrapped_key) SELECT * FROM unnest($1::uuid[], $2::bytea[])
       ON CONFLICT (subject) DO UPDATE SET wrapped_key = excluded.wrapped_key
       WHERE person_key.wrapped_key <> excluded.wrapped_key`,
      [keys.map(({ subject }) => subject), keys.map(({ wrappedKey }) => wrappedKey)],
    )
  }
}
