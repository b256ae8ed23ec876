// Accounts on their journeys, one row each.
import { accountLocks } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Day } from '../domain/day.ts'
import { type Facts, type Finding, NO_USE } from '../domain/facts.ts'
import { type JourneyState, presentOf, standingOf, WAITING } from '../domain/state.ts'
import type { AccountRow } from './rows.ts'

export interface JourneyVersion {
  readonly name: string
  readonly version: number
}

/** An account before or after a move. */
export interface Account {
  readonly accountId: string
  /** Null until its journey begins; then it stays. */
  readonly journey: JourneyVersion | null
  /** The last day that passed for it; null: none has. */
  readonly livedDay: Day | null
  readonly facts: Facts
  readonly state: JourneyState
}

export const lockAccounts = accountLocks('account_id')

interface ManualJson {
  readonly milestone: string
  readonly at: string
}

type Row = AccountRow & { readonly manual: readonly ManualJson[] | null }

/** These accounts, in the order of their ids; they are locked by now. */
export const readAccounts = async (tx: EntityManager, accountIds: readonly string[]): Promise<readonly Account[]> => {
  const rows = await tx.query<Row[]>(
    `SELECT account.*, (
       SELECT json_agg(json_build_object('milestone', milestone, 'at', at))
       FROM manual_milestone WHERE manual_milestone.account_id = account.account_id) AS manual
     FROM account WHERE account_id = ANY($1::uuid[]) ORDER BY account_id`,
    [accountIds],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    journey: row.journey !== null && row.version !== null ? { name: row.journey, version: row.version } : null,
    livedDay: row.lived_day,
    facts: {
      usage: row.usage ?? NO_USE,
      observed: row.observed,
      health: row.health,
      tracks: row.tracks ?? {},
      manual: Object.fromEntries((row.manual ?? []).map((one) => [one.milestone, findingOf(one)])),
    },
    state: row.state ?? WAITING,
  }))
}

// Who said it and the note stay here: they may be personal.
const findingOf = ({ at }: ManualJson): Finding => ({
  at: new Date(at).toISOString(),
  reason: 'a person said so',
  values: {},
  evidence: [],
})

/** Writes what follows from events, and where the accounts stand. */
export const writeAccounts = async (tx: EntityManager, accounts: readonly Account[]): Promise<void> => {
  const column = <V>(of: (account: Account) => V): V[] => accounts.map(of)
  const json = (of: (account: Account) => unknown): string[] => accounts.map((account) => JSON.stringify(of(account)))
  const underway = <V>(of: (state: Exclude<JourneyState, { status: 'waiting' }>) => V): (V | null)[] =>
    accounts.map(({ state }) => (state.status === 'waiting' ? null : of(state)))
  await tx.query(
    `UPDATE account SET
       journey = moved.journey, version = moved.version, lived_day = moved.lived_day, stage = moved.stage,
       standing = moved.standing, usage = moved.usage, observed = moved.observed, health = moved.health,
       tracks = moved.tracks, state = moved.state
     FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[], $5::text[], $6::text[], $7::json[], $8::json[],
                 $9::json[], $10::json[], $11::json[])
       AS moved (account_id, journey, version, lived_day, stage, standing, usage, observed, health, tracks, state)
     WHERE account.account_id = moved.account_id`,
    [
      column(({ accountId }) => accountId),
      column(({ journey }) => journey?.name ?? null),
      column(({ journey }) => journey?.version ?? null),
      column(({ livedDay }) => livedDay),
      underway((state) => presentOf(state).stage),
      underway(standingOf),
      json(({ facts }) => facts.usage),
      column(({ facts }) => facts.observed && JSON.stringify(facts.observed)),
      column(({ facts }) => facts.health && JSON.stringify(facts.health)),
      json(({ facts }) => facts.tracks),
      json(({ state }) => state),
    ],
  )
}

/** Up to `limit` accounts that are on a journey, after `accountId` (null: from the first), in the order of their ids. */
export const readAccountsAfter = (
  tx: EntityManager,
  accountId: string | null,
  limit: number,
): Promise<readonly string[]> => accountIdsAfter(tx, 'TRUE', [accountId, limit])

/** As `readAccountsAfter`, but only those for which `day` has not passed yet. */
export const readUnlived = (
  tx: Pick<EntityManager, 'query'>,
  day: Day,
  accountId: string | null,
  limit: number,
): Promise<readonly string[]> => accountIdsAfter(tx, '(lived_day IS NULL OR lived_day < $3)', [accountId, limit, day])

const accountIdsAfter = async (
  tx: Pick<EntityManager, 'query'>,
  which: string,
  parameters: readonly unknown[],
): Promise<readonly string[]> => {
  const rows = await tx.query<{ account_id: string }[]>(
    `SELECT account_id FROM account
     WHERE journey IS NOT NULL AND ($1::uuid IS NULL OR account_id > $1) AND ${which}
     ORDER BY account_id LIMIT $2`,
    [...parameters],
  )
  return rows.map(({ account_id }) => account_id)
}

/**
 * Deletes what follows from use alone. Scores are of a compacted topic and cannot be read again: what follows from them
 * stays, as does what people said, and the version that each account is on.
 */
export const clearUsage = async (tx: EntityManager): Promise<void> => {
  await tx.query(`TRUNCATE first_use`)
  await tx.query(`UPDATE account SET usage = NULL`)
}
