import type { AccountProfiled, AccountScored, HealthBandChanged, ScoredMeasure } from '@banso/contracts'
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

/** What a change of health said; counts while it is newer than the score, which travels on a topic of its own. */
export type KnownChange = Pick<KnownScore, 'score' | 'band' | 'measures'>

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
  /** Null when the score is as new. */
  readonly change: KnownChange | null
  readonly journeys: ReadonlyMap<string, JourneyKnown>
  readonly tickets: KnownTickets
}

export const profileIn = ({ externalId, name, segment, traits }: AccountProfiled): KnownProfile => ({
  externalId,
  name,
  segment,
  traits,
})

const measuresIn = (measures: readonly ScoredMeasure[]): KnownScore['measures'] =>
  Object.fromEntries(
    measures.map(({ measure, value, score, peerRank = null }) => [measure, { value, score, peerRank }]),
  )

export const scoreIn = (scored: AccountScored): KnownScore => ({
  score: scored.score,
  band: scored.band,
  coverage: scored.coverage,
  partial: scored.partial,
  outcome: scored.outcome.score,
  experience: scored.experience.score,
  measures: measuresIn(scored.measures),
})

export const changeIn = ({ to, measures }: HealthBandChanged): KnownChange => ({
  score: to.score,
  band: to.band,
  measures: measuresIn(measures),
})
