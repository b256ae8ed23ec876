import { type MasterKey, StartRefusedError } from '@banso/platform'
import type { DataSource } from 'typeorm'
import { identities } from './identities.ts'

export class OtherMasterKeyError extends StartRefusedError {
  override readonly code = 'MASTER_KEY_OTHER'

  constructor(options: ErrorOptions) {
    super(
      'BANSO_MASTER_KEY is not the one that this database was filled with: set the one that it was, from the secrets that were ' +
        'kept with the backup',
      options,
    )
  }
}

/** Throws when what is stored was wrapped by another master key: nothing could be sealed or opened. */
export const checkMasterKey = async (database: DataSource, masterKey: MasterKey): Promise<void> => {
  const stored = await identities.anyKey(database.manager)
  if (!stored) return
  try {
    masterKey.unwrap(stored.wrapped)
  } catch (cause) {
    throw new OtherMasterKeyError({ cause })
  }
}
