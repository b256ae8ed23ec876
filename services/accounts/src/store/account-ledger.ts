// The write side: what is known of accounts and their people. Four statements, whatever the number of observations.
import { accountLocks } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import { foldObservations, type Folded, type Known, peopleIn } from '../domain/ledger.ts'
import type { Person } from '../domain/person.ts'
import { isObserved, nameOf, type Observation, type ObservedProfile } from '../domain/profile.ts'
import type { AccountRow, PersonRow } from './account.row.ts'
import { jsonOrNull, personOf, profileOf, traitsJson } from './mapping.ts'

export const lockAccounts = accountLocks('account_id')

const load = async (tx: EntityManager, observations: readonly Observation[]): Promise<Known> => {
  const accounts = await tx.query<AccountRow[]>(`SELECT * FROM account WHERE account_id = ANY($1::uuid[])`, [
    [...new Set(observations.map(({ data }) => data.accountId))],
  ])
  const named = peopleIn(observations)
  const people = await tx.query<PersonRow[]>(
    `SELECT person.* FROM person
     JOIN unnest($1::uuid[], $2::uuid[]) AS named (account_id, person_id) USING (account_id, person_id)`,
    [named.map(({ accountId }) => accountId), named.map(({ personId }) => personId)],
  )
  return { profiles: accounts.map(profileOf), people: people.map(personOf) }
}

const writeProfiles = async (tx: EntityManager, { profiles, newPeople }: Folded): Promise<void> => {
  const column = <V>(of: (profile: ObservedProfile) => V): V[] => profiles.map(of)
  await tx.query(
    `INSERT INTO account (account_id, external_id, name, external, traits, sealed, first_observed_at, last_observed_at, people)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::json[], $5::json[], $6::json[],
                          $7::timestamptz[], $8::timestamptz[], $9::int[])
     ON CONFLICT (account_id) DO UPDATE SET
       external_id = excluded.external_id, name = excluded.name, external = excluded.external,
       traits = excluded.traits, sealed = excluded.sealed, first_observed_at = excluded.first_observed_at,
       last_observed_at = excluded.last_observed_at, people = account.people + excluded.people`,
    [
      column(({ accountId }) => accountId),
      column(({ external }) => external?.value.externalId ?? null),
      column(({ traits }) => nameOf(traits)),
      column(({ external }) => jsonOrNull(external)),
      column(({ traits }) => traitsJson(traits)),
      column(({ sealed }) => jsonOrNull(sealed)),
      column(({ firstObservedAt }) => firstObservedAt),
      column(({ lastObservedAt }) => lastObservedAt),
      column(({ accountId }) => newPeople.get(accountId) ?? 0),
    ],
  )
}

const writePeople = async (tx: EntityManager, people: readonly Person[]): Promise<void> => {
  const column = <V>(of: (person: Person) => V): V[] => people.map(of)
  await tx.query(
    `INSERT INTO person (account_id, person_id, traits, sealed, last_observed_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::json[], $4::json[], $5::timestamptz[])
     ON CONFLICT (account_id, person_id) DO UPDATE SET
       traits = excluded.traits, sealed = excluded.sealed, last_observed_at = excluded.last_observed_at`,
    [
      column(({ accountId }) => accountId),
      column(({ personId }) => personId),
      column(({ traits }) => traitsJson(traits)),
      column(({ sealed }) => jsonOrNull(sealed)),
      column(({ lastObservedAt }) => lastObservedAt),
    ],
  )
}

/** Folds the observations in and gives the profiles that others need to hear of. Their accounts are locked by now. */
export const observe = async (
  tx: EntityManager,
  observations: readonly Observation[],
): Promise<readonly ObservedProfile[]> => {
  if (observations.length === 0) return []
  const folded = foldObservations(await load(tx, observations), observations)
  await writeProfiles(tx, folded)
  await writePeople(tx, folded.people)
  return folded.news
}

export const clearAccounts = async (tx: EntityManager): Promise<void> => {
  await tx.query(`TRUNCATE account, person`)
}

const observedIn = (rows: readonly AccountRow[]): ObservedProfile[] => rows.map(profileOf).filter(isObserved)

/** Those of these accounts that were observed. */
export const observedAmong = async (
  tx: EntityManager,
  accountIds: readonly string[],
): Promise<readonly ObservedProfile[]> =>
  observedIn(await tx.query<AccountRow[]>(`SELECT * FROM account WHERE account_id = ANY($1::uuid[])`, [accountIds]))

/** Up to `limit` observed accounts after `accountId` (null: from the first), in order of their ids, locked. */
export const observedAfter = async (
  tx: EntityManager,
  accountId: string | null,
  limit: number,
): Promise<readonly ObservedProfile[]> =>
  observedIn(
    await tx.query<AccountRow[]>(
      `SELECT * FROM account WHERE first_observed_at IS NOT NULL AND ($1::uuid IS NULL OR account_id > $1)
       ORDER BY account_id LIMIT $2 FOR UPDATE`,
      [accountId, limit],
    ),
  )
