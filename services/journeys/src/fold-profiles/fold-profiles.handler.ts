import { type TopicName, topics } from '@banso/contracts'
import { type Chunk, type EventOn, isNewer, versionOf } from '@banso/messaging'
import { Calendar } from '@banso/platform'
import { Controller } from '@nestjs/common'
import { Ctx, EventPattern, Payload } from '@nestjs/microservices'
import type { ObservedFacts } from '../domain/facts.ts'
import { followScores } from '../domain/track.ts'
import { causeOf } from '../move-accounts/evidence.ts'
import { moveAccounts } from '../move-accounts/move-accounts.ts'
import { type Account, readAccounts, writeAccounts } from '../store/accounts.ts'
import { Journeys, type KnownJourney } from '../store/journeys.ts'
import { type Known, limitsOf, NOTHING_KNOWN, readKnown, writeProfiles } from '../store/known.ts'
import { storable } from '../store/storable.ts'

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
      const about = known.get(account.accountId) ?? NOTHING_KNOWN
      return [
        {
          before: account,
          after: this.#after(account, observed, about, journey),
          cause: causeOf([observed.newest]),
          day: null,
        },
      ]
    })
    if (chunk.rebuilding)
      await writeAccounts(
        chunk.tx,
        moves.map(({ after }) => after),
      )
    else await moveAccounts(chunk, { journeys: this.journeys, days: this.calendar }, moves)
  }

  #after(account: Account, observed: ObservedFacts, { profile, series }: Known, journey: KnownJourney | null): Account {
    const facts = { ...account.facts, observed }
    if (journey === null) return { ...account, facts }
    const { spec } = journey
    const scores = { series, limits: limitsOf(profile, spec), changedFrom: 0 }
    return { ...account, facts: { ...facts, tracks: followScores(facts.tracks, scores, spec, this.calendar) } }
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

const profileOf = ({ data: { externalId, name, segment, traits } }: ProfileEvent) => ({
  externalId: externalId && storable(externalId),
  name: name && storable(name),
  segment: storable(segment),
  traits,
})
