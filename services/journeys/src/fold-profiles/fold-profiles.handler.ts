import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, isNewer, versionOf } from '@banso/messaging'
import { Calendar, storable } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import { type Facts, type Heard, type ObservedFacts, startOf } from '../domain/facts.ts'
import { causeOf } from '../move-accounts/evidence.ts'
import { followAccount } from '../move-accounts/follow-account.ts'
import { moveInChunk } from '../move-accounts/move-in-chunk.ts'
import { readAccounts } from '../store/accounts.ts'
import { Journeys } from '../store/journeys.ts'
import { NOTHING_KNOWN, readKnown, writeProfiles } from '../store/known.ts'

type ProfileEvent = EventOn<'accounts.profiles.v1'>

@Controller()
export class FoldProfilesHandler {
  constructor(
    private readonly journeys: Journeys,
    private readonly calendar: Calendar,
  ) {}

  /** No day passes by a profile: use that was received before it may not be handled yet. */
  @EventPattern<TopicName>(topics.profiles.name)
  async fold(@Payload() events: readonly ProfileEvent[], @Ctx() chunk: Chunk): Promise<void> {
    const newest = newestOfEach(events)
    const taken = await writeProfiles(
      chunk.tx,
      [...newest.values()].map((event) => ({
        accountId: event.data.accountId,
        version: versionOf(event),
        profile: profileOf(event),
      })),
    )
    if (taken.size === 0) return
    const before = await readAccounts(chunk.tx, [...taken])
    const known = await readKnown(chunk.tx, [...taken])
    const journeyOf = await this.journeys.read(
      chunk.tx,
      before.flatMap(({ journey }) => journey ?? []),
    )
    const moves = before.flatMap((account) => {
      const event = newest.get(account.accountId)
      if (event === undefined) return []
      const observed = observedOf(event, chunk.now)
      const journey = account.journey && journeyOf(account.journey)
      const about = { ...(known.get(account.accountId) ?? NOTHING_KNOWN), changedFrom: 0 }
      const after = followAccount(account, { ...account.facts, observed }, journey, about, this.calendar)
      return [{ before: account, after, cause: causeOf([newsOf(account.facts, observed)]), day: null }]
    })
    await moveInChunk(chunk, { journeys: this.journeys, days: this.calendar }, moves)
  }
}

const newestOfEach = (events: readonly ProfileEvent[]): ReadonlyMap<string, ProfileEvent> => {
  const newest = new Map<string, ProfileEvent>()
  for (const event of events) {
    const known = newest.get(event.data.accountId)
    if (known === undefined || isNewer(versionOf(event), versionOf(known))) newest.set(event.data.accountId, event)
  }
  return newest
}

// A profile does not say when its newest observation was received: at the latest now.
const observedOf = ({ id, data }: ProfileEvent, now: Date): ObservedFacts => ({
  firstAt: new Date(data.firstObservedAt).toISOString(),
  newest: { id: storable(id), at: new Date(data.lastObservedAt).toISOString(), receivedAt: now.toISOString() },
})

// What a profile says of the beginning, or of one that is older than we knew, is as old as that.
const newsOf = (before: Facts, observed: ObservedFacts): Heard => {
  const began = startOf(before)
  return began === null || observed.firstAt < began ? { ...observed.newest, at: observed.firstAt } : observed.newest
}

const profileOf = ({ data: { externalId, name, segment, traits } }: ProfileEvent) => ({
  externalId: externalId && storable(externalId),
  name: name && storable(name),
  segment: storable(segment),
  traits,
})
