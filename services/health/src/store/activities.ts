// How inputs of accounts are kept: their activity as texts of numbers, and how fresh they are.
import type { EntityManager } from 'typeorm'
import type { Activity } from '../domain/activity.ts'
import type { Account } from './account.ts'
import { plain, texts, times } from './columns.ts'
import type { AccountActivityRow } from './input-rows.ts'

export type ActivityRow = Omit<AccountActivityRow, 'account_id'>

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }

export const activityOfRow = (row: Nullable<ActivityRow>): Activity | null => {
  const { first_day, start_day, persons, reach, breadth } = row
  if (first_day === null || start_day === null || persons === null || reach === null || breadth === null) return null
  return {
    first: first_day,
    start: start_day,
    persons: numbersOf(persons),
    reach: numbersOf(reach),
    breadth: numbersOf(breadth),
    keyFeatures: row.key_features,
    levels: levelsOf(row),
    deferredFrom: row.deferred_from,
  }
}

const levelsOf = ({ frequency_level, breadth_level, reach_level }: Nullable<ActivityRow>): Activity['levels'] =>
  frequency_level === null || breadth_level === null || reach_level === null
    ? null
    : { frequency: frequency_level, breadth: breadth_level, reach: reach_level }

const WRITE_INPUTS = `
  WITH freshened AS (
    UPDATE account SET newest_usage_at = fresh.usage_at, newest_ticket_at = fresh.ticket_at
    FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS fresh (account_id, usage_at, ticket_at)
    WHERE account.account_id = fresh.account_id)
  INSERT INTO account_activity
    (account_id, first_day, start_day, deferred_from, persons, reach, breadth, key_features,
     frequency_level, breadth_level, reach_level)
  SELECT account_id, first_day, start_day, deferred_from, persons, reach, breadth, key_features::json,
    frequency_level, breadth_level, reach_level
  FROM unnest($4::uuid[], $5::int[], $6::int[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[],
    $12::float8[], $13::float8[], $14::float8[])
    AS written (account_id, first_day, start_day, deferred_from, persons, reach, breadth, key_features,
      frequency_level, breadth_level, reach_level)
  ON CONFLICT (account_id) DO UPDATE SET
    first_day = excluded.first_day, start_day = excluded.start_day, deferred_from = excluded.deferred_from,
    persons = excluded.persons, reach = excluded.reach, breadth = excluded.breadth,
    key_features = excluded.key_features, frequency_level = excluded.frequency_level,
    breadth_level = excluded.breadth_level, reach_level = excluded.reach_level`

/** Writes the inputs of these accounts: how fresh they are, and their activity where it changed. One statement. */
export const writeInputs = async (
  tx: EntityManager,
  before: readonly Account[],
  after: readonly Account[],
): Promise<void> => {
  const rows = after.flatMap(({ accountId, activity }, index) =>
    activity && activity !== before[index]?.activity ? [rowOf(accountId, activity)] : [],
  )
  await tx.query(WRITE_INPUTS, [
    plain(after.map(({ accountId }) => accountId)),
    times(after.map(({ newestUsageAt }) => newestUsageAt)),
    times(after.map(({ newestTicketAt }) => newestTicketAt)),
    plain(rows.map(({ account_id }) => account_id)),
    plain(rows.map(({ first_day }) => first_day)),
    plain(rows.map(({ start_day }) => start_day)),
    plain(rows.map(({ deferred_from }) => deferred_from)),
    texts(rows.map(({ persons }) => persons)),
    texts(rows.map(({ reach }) => reach)),
    texts(rows.map(({ breadth }) => breadth)),
    texts(rows.map(({ key_features }) => key_features && JSON.stringify(key_features))),
    plain(rows.map(({ frequency_level }) => frequency_level)),
    plain(rows.map(({ breadth_level }) => breadth_level)),
    plain(rows.map(({ reach_level }) => reach_level)),
  ])
}

const rowOf = (accountId: string, activity: Activity): AccountActivityRow => ({
  account_id: accountId,
  first_day: activity.first,
  start_day: activity.start,
  deferred_from: activity.deferredFrom,
  persons: activity.persons.join(' '),
  reach: activity.reach.join(' '),
  breadth: activity.breadth.join(' '),
  key_features: activity.keyFeatures,
  frequency_level: activity.levels?.frequency ?? null,
  breadth_level: activity.levels?.breadth ?? null,
  reach_level: activity.levels?.reach ?? null,
})

const numbersOf = (series: string): number[] => (series === '' ? [] : series.split(' ').map(Number))
