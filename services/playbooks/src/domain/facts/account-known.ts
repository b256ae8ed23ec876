import type { AccountProfiled, AccountScored } from '@banso/contracts'
import type { JourneyKnown } from './journey-known.ts'

export type KnownProfile = Pick<AccountProfiled, 'externalId' | 'name' | 'segment' | 'traits'>

export interface KnownMeasure {
  readonly value: number | null
  readonly score: number | null
  readonly peerRank: number | null
}

export interface KnownScore extends Pick<AccountScored, 'score' | 'band' | 'coverage' | 'partial'> {
  readonly outcome: number | null
  readonly experience: number | null
  readonly measures: Readonly<Record<string, KnownMeasure>>
}

/** Tickets neither solved nor closed; serious: urgent or high ones among them. */
export interface KnownTickets {
  readonly open: number
  readonly serious: number
  readonly oldestSeriousAt: Date | null
}

/** This service's copy of an account: what conditions see, but for what follows from the time. */
export interface AccountKnown {
  readonly accountId: string
  readonly profile: KnownProfile | null
  readonly score: KnownScore | null
  readonly journeys: ReadonlyMap<string, JourneyKnown>
  readonly tickets: KnownTickets
}

export const profileIn = ({ externalId, name, segment, traits }: AccountProfiled): KnownProfile => ({
  externalId,
  name,
  segment,
  traits,
})

export const scoreIn = (scored: AccountScored): KnownScore => ({
  score: scored.score,
  band: scored.band,
  coverage: scored.coverage,
  partial: scored.partial,
  outcome: scored.outcome.score,
  experience: scored.experience.score,
  measures: Object.fromEntries(
    scored.measures.map(({ measure, value, score, peerRank = null }) => [measure, { value, score, peerRank }]),
  ),
})
