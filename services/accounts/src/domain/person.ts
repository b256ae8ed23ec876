// A person as seen in one account: a pseudonym, what was said openly, and what is sealed.
import type { Sealed } from '@banso/contracts'
import type { Observation } from './profile.ts'
import { latest, type Stamped } from './stamped.ts'
import { foldTraits, type Traits } from './traits.ts'

export interface Person {
  readonly accountId: string
  readonly personId: string
  readonly traits: Traits
  readonly sealed: Stamped<Sealed> | null
  /** Event time of the newest observation that names this person, ISO 8601 UTC. */
  readonly lastObservedAt: string | null
}

export const unseen = (accountId: string, personId: string): Person => ({
  accountId,
  personId,
  traits: new Map(),
  sealed: null,
  lastObservedAt: null,
})

/** `observation` names this person. An account's observation says of its person only that they belong to it. */
export const foldPerson = (known: Person, observation: Observation): Person => {
  const { at, by } = observation
  const seen = {
    ...known,
    lastObservedAt: known.lastObservedAt !== null && known.lastObservedAt > at ? known.lastObservedAt : at,
  }
  if (observation.of === 'account') return seen
  const { traits, sealed } = observation.data
  return {
    ...seen,
    traits: foldTraits(known.traits, traits, observation),
    sealed: sealed === undefined ? known.sealed : latest(known.sealed, { value: sealed, at, by }),
  }
}
