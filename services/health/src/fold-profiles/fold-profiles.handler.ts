import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, versionOf } from '@banso/messaging'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { Calendar, storable } from '@banso/platform'
import { isLate } from '../domain/rescore.ts'
import { type AccountEvent, foldEvents } from '../score-accounts/fold-events.ts'
import { foldProfiles, type Profile } from '../store/profiles.ts'
import { ScoringBases } from '../store/scoring-bases.ts'
import { seatsOf } from './seats-of.ts'

type ProfileEvent = EventOn<'accounts.profiles.v1'>

@Controller()
export class FoldProfilesHandler {
  constructor(
    private readonly calendar: Calendar,
    private readonly bases: ScoringBases,
  ) {}

  @EventPattern<TopicName>(topics.profiles.name)
  async fold(@Payload() chunk: readonly ProfileEvent[], @Ctx() work: Chunk): Promise<void> {
    const { calendar, bases } = this
    const received = chunk.map((profiled) => heard(profiled, work.now))
    await foldEvents(received, work, {
      kind: null,
      bases,
      calendar,
      fold: async (events, { accounts, receivedOn }) => {
        const taken = await foldProfiles(
          work.tx,
          events.map(({ profiled }) => this.profileOf(profiled)),
        )
        const profiles = new Map(taken.map((profile) => [profile.accountId, profile]))
        const late = new Set(
          events.flatMap(({ data, time }) => (isLate(calendar.dayOf(time), receivedOn) ? [data.accountId] : [])),
        )
        return accounts.map((account) => {
          const { segment, seats } = profiles.get(account.accountId) ?? account
          const after = { ...account, segment, seats }
          return { late: late.has(account.accountId) ? after : account, after }
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

interface Heard extends AccountEvent {
  readonly profiled: ProfileEvent
}

// What a profile says was so since it was observed; it does not say when that was received: at the latest now.
const heard = (profiled: ProfileEvent, now: Date): Heard => ({
  id: profiled.id,
  time: new Date(profiled.data.lastObservedAt),
  data: { accountId: profiled.data.accountId, receivedAt: now.toISOString() },
  profiled,
})
