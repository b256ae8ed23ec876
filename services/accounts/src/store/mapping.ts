// Between rows and what the domain knows. Instants are ISO 8601 UTC with milliseconds in the domain.
import type { Person } from '../domain/person.ts'
import type { Profile } from '../domain/profile.ts'
import type { Traits } from '../domain/traits.ts'
import type { AccountRow, PersonRow, StampedTraits } from './account.row.ts'

const traitsOf = (stored: StampedTraits): Traits => new Map(Object.entries(stored))

export const traitsJson = (traits: Traits): string => JSON.stringify(Object.fromEntries(traits))

export const jsonOrNull = (value: object | null): string | null => (value === null ? null : JSON.stringify(value))

export const profileOf = (row: AccountRow): Profile => ({
  accountId: row.account_id,
  external: row.external,
  traits: traitsOf(row.traits),
  sealed: row.sealed,
  firstObservedAt: row.first_observed_at?.toISOString() ?? null,
  lastObservedAt: row.last_observed_at?.toISOString() ?? null,
})

export const personOf = (row: PersonRow): Person => ({
  accountId: row.account_id,
  personId: row.person_id,
  traits: traitsOf(row.traits),
  sealed: row.sealed,
  lastObservedAt: row.last_observed_at.toISOString(),
})
