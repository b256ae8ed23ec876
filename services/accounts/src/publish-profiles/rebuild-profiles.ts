import type { RebuildOptions } from '@banso/messaging'
import { clearAccounts, observedAfter } from '../store/account-ledger.ts'
import { publishProfile } from './publish-profile.ts'

/** Everything this service knows follows from observations. */
export const rebuildProfiles: RebuildOptions = {
  clear: clearAccounts,
  republish: async (work, afterKey, limit) => {
    const profiles = await observedAfter(work.tx, afterKey, limit)
    for (const profile of profiles) publishProfile(work, profile)
    return profiles.at(-1)?.accountId ?? null
  },
}
