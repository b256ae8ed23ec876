// What is known of accounts, one compact row of each kind per account.
import type { AccountScored, TicketPriority, TicketStatus } from '@banso/contracts'
import type { LockKeys } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Activity } from '../domain/activity.ts'
import type { Calendar } from '../domain/calendar.ts'
import type { Standing } from '../domain/standing.ts'
import type { Ticket } from '../domain/ticket.ts'
import type { AccountActivityRow, AccountRow, AccountScoreRow } from './rows.ts'
import { standingOf } from './standing-json.ts'

/** An account before or after a chunk. */
export interface Account {
  readonly accountId: string
  readonly newestUsageAt: Date | null
  readonly newestTicketAt: Date | null
  readonly activity: Activity | null
  /** Those that are open, urgent or high. */
  readonly tickets: readonly Ticket[]
  readonly standing: Standing | null
  /** The score as it was published last. */
  readonly scored: AccountScored | null
}

interface TicketJson {
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly opened_at: string
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }
type Row = AccountRow &
  Nullable<Omit<AccountActivityRow, 'account_id'>> &
  Nullable<Pick<AccountScoreRow, 'scored' | 'standing'>> & { readonly tickets: readonly TicketJson[] | null }

export const lockAccounts: LockKeys = async (tx, keys) => {
  const sorted = [...new Set(keys)].toSorted()
  await tx.query(`INSERT INTO account (account_id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING`, [sorted])
  await tx.query(`SELECT FROM account WHERE account_id = ANY($1::uuid[]) ORDER BY account_id FOR UPDATE`, [sorted])
}

// A ticket that the desk has moved to another account since is that one's.
const SERIOUS_TICKETS = `(
  SELECT json_agg(json_build_object('status', status, 'priority', priority, 'opened_at', opened_at))
  FROM ticket
  WHERE ticket.account_id = account.account_id
    AND status NOT IN ('solved', 'closed') AND priority IN ('urgent', 'high')
    AND NOT EXISTS (
      SELECT FROM ticket AS moved
      WHERE moved.source = ticket.source AND moved.ticket_id = ticket.ticket_id
        AND (moved.changed_at, moved.received_at, moved.event_id)
          > (ticket.changed_at, ticket.received_at, ticket.event_id)))`

/** These accounts, in the order of their ids; they are locked by now. */
export const readAccounts = async (
  tx: EntityManager,
  accountIds: readonly string[],
  calendar: Calendar,
): Promise<readonly Account[]> => {
  const rows = await tx.query<Row[]>(
    `SELECT account.*, first_day, start_day, deferred_from, persons, breadth, frequency_level, breadth_level,
       scored, standing, ${SERIOUS_TICKETS} AS tickets
     FROM account
     LEFT JOIN account_activity USING (account_id)
     LEFT JOIN account_score USING (account_id)
     WHERE account_id = ANY($1::uuid[]) ORDER BY account_id`,
    [accountIds],
  )
  return rows.map((row) => ({
    accountId: row.account_id,
    newestUsageAt: row.newest_usage_at,
    newestTicketAt: row.newest_ticket_at,
    activity: activityOfRow(row),
    tickets: (row.tickets ?? []).map(({ status, priority, opened_at }) => ({
      status,
      priority,
      openedOn: calendar.dayOf(new Date(opened_at)),
    })),
    standing: row.scored && row.standing && standingOf(row.scored, row.standing),
    scored: row.scored,
  }))
}

const activityOfRow = (row: Nullable<Omit<AccountActivityRow, 'account_id'>>): Activity | null => {
  const { first_day, start_day, persons, breadth, frequency_level, breadth_level, deferred_from } = row
  if (first_day === null || start_day === null || persons === null || breadth === null) return null
  return {
    first: first_day,
    start: start_day,
    persons: numbersOf(persons),
    breadth: numbersOf(breadth),
    levels:
      frequency_level === null || breadth_level === null
        ? null
        : { frequency: frequency_level, breadth: breadth_level },
    deferredFrom: deferred_from,
  }
}

/** Writes the inputs of these accounts: their activity where it changed, and how fresh they are. */
export const writeInputs = async (
  tx: EntityManager,
  before: readonly Account[],
  after: readonly Account[],
): Promise<void> => {
  const column = <V>(of: (account: Account) => V): V[] => after.map(of)
  await tx.query(
    `UPDATE account SET newest_usage_at = fresh.usage_at, newest_ticket_at = fresh.ticket_at
     FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS fresh (account_id, usage_at, ticket_at)
     WHERE account.account_id = fresh.account_id`,
    [
      column(({ accountId }) => accountId),
      column(({ newestUsageAt }) => newestUsageAt),
      column(({ newestTicketAt }) => newestTicketAt),
    ],
  )
  await writeActivities(
    tx,
    after.flatMap(({ accountId, activity }, index) =>
      activity && activity !== before[index]?.activity ? [rowOf(accountId, activity)] : [],
    ),
  )
}

const writeActivities = async (tx: EntityManager, activities: readonly AccountActivityRow[]): Promise<void> => {
  if (activities.length === 0) return
  const column = <V>(of: (activity: AccountActivityRow) => V): V[] => activities.map(of)
  await tx.query(
    `INSERT INTO account_activity
       (account_id, first_day, start_day, deferred_from, persons, breadth, frequency_level, breadth_level)
     SELECT * FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::text[], $6::text[], $7::float8[], $8::float8[])
     ON CONFLICT (account_id) DO UPDATE SET
       first_day = excluded.first_day, start_day = excluded.start_day, deferred_from = excluded.deferred_from,
       persons = excluded.persons, breadth = excluded.breadth,
       frequency_level = excluded.frequency_level, breadth_level = excluded.breadth_level`,
    [
      column(({ account_id }) => account_id),
      column(({ first_day }) => first_day),
      column(({ start_day }) => start_day),
      column(({ deferred_from }) => deferred_from),
      column(({ persons }) => persons),
      column(({ breadth }) => breadth),
      column(({ frequency_level }) => frequency_level),
      column(({ breadth_level }) => breadth_level),
    ],
  )
}

const rowOf = (accountId: string, activity: Activity): AccountActivityRow => ({
  account_id: accountId,
  first_day: activity.first,
  start_day: activity.start,
  deferred_from: activity.deferredFrom,
  persons: activity.persons.join(' '),
  breadth: activity.breadth.join(' '),
  frequency_level: activity.levels?.frequency ?? null,
  breadth_level: activity.levels?.breadth ?? null,
})

const numbersOf = (series: string): number[] => (series === '' ? [] : series.split(' ').map(Number))

/** Up to `limit` accounts that have facts, after `accountId` (null: from the first), in the order of their ids. */
export const readAccountsAfter = async (
  tx: EntityManager,
  accountId: string | null,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await tx.query<{ account_id: string }[]>(
    `SELECT account_id FROM account
     WHERE ($1::uuid IS NULL OR account_id > $1) AND (newest_usage_at IS NOT NULL OR newest_ticket_at IS NOT NULL)
     ORDER BY account_id LIMIT $2`,
    [accountId, limit],
  )
  return rows.map(({ account_id }) => account_id)
}

/** Deletes all that follows from events alone. Scores and their history stay. */
export const clearInputs = async (tx: EntityManager): Promise<void> => {
  await tx.query(`TRUNCATE usage_fact, account_activity, ticket`)
  await tx.query(`UPDATE account SET newest_usage_at = NULL, newest_ticket_at = NULL`)
}
