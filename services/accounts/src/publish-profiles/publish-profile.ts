import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import { type ObservedProfile, profiledOf } from '../domain/profile.ts'
import { observedAmong } from '../store/account-ledger.ts'

/** The event's time is that of the newest observation in it. */
export const publishProfile = (work: Work, profile: ObservedProfile): void =>
  work.publish({
    topic: topics.profiles.name,
    type: 'accounts.account-profiled.v1',
    key: profile.accountId,
    time: new Date(profile.lastObservedAt),
    data: profiledOf(profile),
  })

/** Says again what is known of these accounts, whose rows are locked. */
export const publishAgain = async (work: Work, accountIds: readonly string[]): Promise<void> => {
  for (const profile of await observedAmong(work.tx, accountIds)) publishProfile(work, profile)
}
