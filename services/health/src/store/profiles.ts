import { isNewer, type Version } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Day } from '@banso/platform'
import { EPOCH } from './epoch.ts'

/** What we keep of an account's profile. */
export interface Profile {
  readonly accountId: string
  readonly name: string | null
  readonly segment: string
  readonly seats: number | null
  readonly version: Version
  /** The day on which it was published. */
  readonly knownOn: Day
}

/** Keeps the newest profile of each account, and gives the ones of these that were newer than what was known. */
export const foldProfiles = async (tx: EntityManager, profiles: readonly Profile[]): Promise<readonly Profile[]> => {
  const newest = new Map<string, Profile>()
  for (const profile of profiles)
    if (isNewer(profile.version, newest.get(profile.accountId)?.version)) newest.set(profile.accountId, profile)
  const column = <V>(of: (profile: Profile) => V): V[] => [...newest.values()].map(of)
  const rows = await tx.query<{ account_id: string }[]>(
    `WITH taken AS (
       INSERT INTO account_profile (account_id, name, segment, seats, generation, sequence)
       SELECT account_id, name, segment, seats, generation, sequence
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::float8[], $5::int[], $6::bigint[])
         AS heard (account_id, name, segment, seats, generation, sequence)
       ON CONFLICT (account_id) DO UPDATE SET
         name = excluded.name, segment = excluded.segment, seats = excluded.seats,
         generation = excluded.generation, sequence = excluded.sequence
       WHERE (excluded.generation, excluded.sequence) > (account_profile.generation, account_profile.sequence)
       RETURNING account_id, segment, seats),
     kept AS (
       INSERT INTO profile_history (account_id, known_on, segment, seats)
       SELECT account_id, ${EPOCH} + known_on, segment, seats
       FROM taken JOIN unnest($1::uuid[], $7::int[]) AS heard (account_id, known_on) USING (account_id)
       ON CONFLICT (account_id, known_on) DO UPDATE SET segment = excluded.segment, seats = excluded.seats)
     SELECT account_id FROM taken ORDER BY account_id`,
    [
      column(({ accountId }) => accountId),
      column(({ name }) => name),
      column(({ segment }) => segment),
      column(({ seats }) => seats),
      column(({ version }) => version.generation),
      column(({ version }) => version.sequence),
      column(({ knownOn }) => knownOn),
    ],
  )
  return rows.flatMap(({ account_id }) => newest.get(account_id) ?? [])
}

/**
 * Segment and seats on a day: what profiles had said by its end. With `knownOn` null a first profile that came later
 * counts for the days before it, too.
 */
export const readProfileOf = async (
  database: Pick<EntityManager, 'query'>,
  accountId: string,
  day: Day,
  knownOn: Day | null,
): Promise<Pick<Profile, 'segment' | 'seats'>> => {
  const [found] = await database.query<Pick<Profile, 'segment' | 'seats'>[]>(
    `(SELECT segment, seats FROM profile_history
      WHERE account_id = $1 AND known_on <= ${EPOCH} + least($2::int, $3::int) ORDER BY known_on DESC LIMIT 1)
     UNION ALL
     (SELECT segment, seats FROM profile_history WHERE account_id = $1 AND $3::int IS NULL ORDER BY known_on LIMIT 1)
     LIMIT 1`,
    [accountId, day, knownOn],
  )
  return found ?? { segment: 'all', seats: null }
}
