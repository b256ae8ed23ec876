import { accountLocks } from '@banso/messaging'

/** Runs refer to their account. */
export const lockAccounts = accountLocks('id', 'NO KEY UPDATE')
