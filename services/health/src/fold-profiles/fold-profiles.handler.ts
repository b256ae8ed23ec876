import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, versionOf } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Calendar } from '../domain/calendar.ts'
import { isLate } from '../domain/rescore.ts'
import { type AccountEvent, foldEvents } from '../score-accounts/fold-events.ts'
import { readScoredAmong } from '../store/scores.ts'
import { foldProfiles, type Profile } from '../store/profiles.ts'
import { ScoringBases } from '../store/scoring-bases.ts'
import { storable } from '../store/storable.ts'
import { seatsOf } from './seats-of.ts'

type ProfileEvent = EventOn<'accounts.profiles.v1'>

@Controller()
export class FoldProfilesHandler {
  constructor(
    private readonly calendar: Calendar,
    private readonly bases: ScoringBases,
  ) {}

  /** Accounts that have a score are scored again; a profile alone gives nothing to score. */
  @EventPattern<TopicName>(topics.profiles.name)
  async fold(@Payload() chunk: readonly ProfileEvent[], @Ctx() work: Chunk): Promise<void> {
    const { calendar, bases } = this
    const taken = await foldProfiles(
      work.tx,
      chunk.map((event) => this.profileOf(event)),
    )
    const profiles = new Map(taken.map((profile) => [profile.accountId, profile]))
    const scored = await readScoredAmong(work.tx, [...profiles.keys()])
    const news = chunk.filter((event) => scored.has(event.key) && isOf(profiles.get(event.key), event))
    await foldEvents(news.map(heard), work, {
      kind: null,
      bases,
      calendar,
      fold: async (events, { accounts, receivedOn }) => {
        const times = new Map(events.map(({ data, time }) => [data.accountId, time]))
        return accounts.map((account) => {
          const { segment, seats } = profiles.get(account.accountId) ?? account
          const after = { ...account, segment, seats }
          const observedAt = times.get(account.accountId)
          return { late: observedAt && isLate(calendar.dayOf(observedAt), receivedOn) ? after : account, after }
        })
      },
    })
  }

  private profileOf(event: ProfileEvent): Profile {
    const { accountId, name, segment, traits } = event.data
    return {
      accountId,
      name: name && storable(name),
      segment: storable(segment),
      seats: seatsOf(traits['seats']),
      version: versionOf(event),
      knownOn: this.calendar.dayOf(event.time),
    }
  }
}

const isOf = (profile: Profile | undefined, event: ProfileEvent): boolean => {
  const { generation, sequence } = versionOf(event)
  return profile?.version.generation === generation && profile.version.sequence === sequence
}

// A profile became known when it was published; what it says was so since it was observed.
const heard = ({ id, time, data }: ProfileEvent): AccountEvent => ({
  id,
  time: new Date(data.lastObservedAt),
  data: { accountId: data.accountId, receivedAt: time.toISOString() },
})
