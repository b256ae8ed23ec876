// Our copies of what accounts and health say: what conditions ask, and what rules about scores look at.
import type { AccountProfiled, AccountScored } from '@banso/contracts'
import type { Version } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Limits } from '../domain/expansion.ts'
import type { JourneySpec } from '../domain/journey.ts'
import type { ScoreSeries } from '../domain/score-series.ts'

export type KnownProfile = Pick<AccountProfiled, 'externalId' | 'name' | 'segment' | 'traits'>

export interface KnownScore extends Pick<AccountScored, 'score' | 'band' | 'coverage' | 'partial'> {
  readonly version: Version
  readonly scoredAt: string
  readonly day: string
  readonly newestInputAt: string | null
  readonly outcome: number | null
  readonly experience: number | null
  readonly measures: Readonly<
    Record<string, { readonly value: number | null; readonly score: number | null; readonly peerRank: number | null }>
  >
}

/** What is known of an account besides what moves it. */
export interface Known {
  readonly profile: KnownProfile | null
  readonly score: KnownScore | null
  readonly series: ScoreSeries
}

export const NOTHING_KNOWN: Known = { profile: null, score: null, series: [] }

interface KnownRow {
  readonly account_id: string
  readonly profile: KnownProfile | null
  readonly latest: KnownScore | null
  readonly series: ScoreSeries | null
}

/** By account; one statement. */
export const readKnown = async (
  tx: EntityManager,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, Known>> => {
  if (accountIds.length === 0) return new Map()
  const rows = await tx.query<KnownRow[]>(
    `SELECT account_id, profile, latest, series
     FROM unnest($1::uuid[]) AS asked (account_id)
     LEFT JOIN account_profile USING (account_id) LEFT JOIN account_score USING (account_id)`,
    [accountIds],
  )
  return new Map(
    rows.map(({ account_id, profile, latest, series }) => [
      account_id,
      { profile, score: latest, series: series ?? [] },
    ]),
  )
}

export interface NewScore {
  readonly accountId: string
  readonly latest: KnownScore
  readonly series: ScoreSeries
}

export const writeScores = async (tx: EntityManager, scores: readonly NewScore[]): Promise<void> => {
  await tx.query(
    `INSERT INTO account_score (account_id, latest, series)
     SELECT * FROM unnest($1::uuid[], $2::json[], $3::json[])
     ON CONFLICT (account_id) DO UPDATE SET latest = excluded.latest, series = excluded.series`,
    [
      scores.map(({ accountId }) => accountId),
      scores.map(({ latest }) => JSON.stringify(latest)),
      scores.map(({ series }) => JSON.stringify(series)),
    ],
  )
}

export interface NewProfile {
  readonly accountId: string
  readonly version: Version
  readonly profile: KnownProfile
}

/** Takes those that are newer than our copy; gives their accounts. One profile per account. */
export const writeProfiles = async (
  tx: EntityManager,
  profiles: readonly NewProfile[],
): Promise<ReadonlySet<string>> => {
  const taken = await tx.query<{ account_id: string }[]>(
    `INSERT INTO account_profile (account_id, generation, sequence, profile)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::bigint[], $4::json[])
     ON CONFLICT (account_id) DO UPDATE SET
       generation = excluded.generation, sequence = excluded.sequence, profile = excluded.profile
     WHERE (excluded.generation, excluded.sequence) > (account_profile.generation, account_profile.sequence)
     RETURNING account_id`,
    [
      profiles.map(({ accountId }) => accountId),
      profiles.map(({ version }) => version.generation),
      profiles.map(({ version }) => version.sequence),
      profiles.map(({ profile }) => JSON.stringify(profile)),
    ],
  )
  return new Set(taken.map(({ account_id }) => account_id))
}

const count = (value: unknown): number | null => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) && number > 0 ? number : null
}

/** What the account pays for, by the traits that its journey names. */
export const limitsOf = (profile: KnownProfile | null, { limits }: JourneySpec): Limits => ({
  seats: count(profile?.traits[limits?.seats ?? 'seats']),
  planLimit: count(profile?.traits[limits?.planLimit ?? 'planLimit']),
})
