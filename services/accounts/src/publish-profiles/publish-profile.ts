import { topics } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import { type ObservedProfile, profiledOf } from '../domain/profile.ts'

/** The event's time is that of the newest observation in it. */
export const publishProfile = (work: Work, profile: ObservedProfile): void =>
  work.publish({
    topic: topics.profiles.name,
    type: 'accounts.account-profiled.v1',
    key: profile.accountId,
    time: new Date(profile.lastObservedAt),
    data: profiledOf(profile),
  })
