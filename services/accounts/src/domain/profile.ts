// What we know of an account, folded from what sources said of it and of its people.
import type { AccountObserved, AccountProfiled, PersonObserved, Sealed } from '@banso/contracts'
import { isDeepStrictEqual } from 'node:util'
import { latest, type Stamp, type Stamped } from './stamped.ts'
import { foldTraits, valuesOf, type Traits } from './traits.ts'

export type Observation = Stamp &
  (
    | { readonly of: 'account'; readonly data: AccountObserved }
    | { readonly of: 'person'; readonly data: PersonObserved }
  )

export interface ExternalId {
  readonly externalId: string
  readonly namespace: string
}

export interface Profile {
  readonly accountId: string
  /** Null while only people of the account have been observed. */
  readonly external: Stamped<ExternalId> | null
  readonly traits: Traits
  readonly sealed: Stamped<Sealed> | null
  /** Event times of the first and the newest observation, ISO 8601 UTC; null before the first. */
  readonly firstObservedAt: string | null
  readonly lastObservedAt: string | null
}

/** A profile with at least one observation. */
export type ObservedProfile = Profile & { readonly firstObservedAt: string; readonly lastObservedAt: string }

/** Characters. */
const MAX_NAME_LENGTH = 200

export const unobserved = (accountId: string): Profile => ({
  accountId,
  external: null,
  traits: new Map(),
  sealed: null,
  firstObservedAt: null,
  lastObservedAt: null,
})

export const isObserved = (profile: Profile): profile is ObservedProfile =>
  profile.firstObservedAt !== null && profile.lastObservedAt !== null

export const foldProfile = (known: Profile, observation: Observation): ObservedProfile => {
  const { at, by } = observation
  const seen = {
    ...known,
    firstObservedAt: known.firstObservedAt !== null && known.firstObservedAt < at ? known.firstObservedAt : at,
    lastObservedAt: known.lastObservedAt !== null && known.lastObservedAt > at ? known.lastObservedAt : at,
  }
  if (observation.of === 'person') return seen
  const { externalId, namespace, traits, sealed } = observation.data
  return {
    ...seen,
    external: latest(known.external, { value: { externalId, namespace }, at, by }),
    traits: foldTraits(known.traits, traits, observation),
    sealed: sealed === undefined ? known.sealed : latest(known.sealed, { value: sealed, at, by }),
  }
}

/** The company's name: group trait `name`, storable as text (no NUL, no half characters) and cut to 200 characters. */
export const nameOf = (traits: Traits): string | null => {
  const value = traits.get('name')?.value
  if (typeof value !== 'string') return null
  const text = value.toWellFormed().replaceAll('\u0000', '').trim()
  return text === '' ? null : Array.from(text).slice(0, MAX_NAME_LENGTH).join('')
}

export const profiledOf = (profile: ObservedProfile): AccountProfiled => ({
  accountId: profile.accountId,
  externalId: profile.external?.value.externalId ?? null,
  namespace: profile.external?.value.namespace ?? null,
  name: nameOf(profile.traits),
  segment: 'all',
  traits: valuesOf(profile.traits),
  ...(profile.sealed && { sealed: profile.sealed.value }),
  firstObservedAt: profile.firstObservedAt,
  lastObservedAt: profile.lastObservedAt,
})

const day = (instant: string): string => instant.slice(0, 10)

/**
 * Whether others need to hear of it. A newer observation that says nothing new counts once per UTC day: products
 * identify a user at every sign-in, and each would else be a record to every service.
 */
export const isNews = (before: Profile, after: ObservedProfile): boolean => {
  if (!isObserved(before)) return true
  const [was, is] = [profiledOf(before), profiledOf(after)]
  return (
    day(was.lastObservedAt) !== day(is.lastObservedAt) ||
    !isDeepStrictEqual({ ...was, lastObservedAt: '' }, { ...is, lastObservedAt: '' })
  )
}
