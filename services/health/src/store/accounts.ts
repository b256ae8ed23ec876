// What is known of accounts, one compact row of each kind per account.
import type { ScoreOverride, TicketPriority, TicketStatus } from '@banso/contracts'
import { accountLocks } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { Calendar, Day } from '@banso/platform'
import { COUNTED_DAYS, type RatedDay } from '../domain/ratings.ts'
import { LONGEST_CATCH_UP_DAYS } from '../domain/standing.ts'
import type { Account, Inputs, Support } from './account.ts'
import { type ActivityRow, activityOfRow } from './activities.ts'
import { plain } from './columns.ts'
import { EPOCH } from './epoch.ts'
import type { AccountProfileRow, AccountRow } from './input-rows.ts'
import type { AccountScoreRow } from './score-rows.ts'
import { standingOf } from './standing-json.ts'

interface TicketJson {
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly opened_at: string
}

interface SupportRow {
  readonly tickets: readonly TicketJson[] | null
  readonly ratings: readonly RatedDay[] | null
}

type Nullable<T> = { readonly [K in keyof T]: T[K] | null }
type InputRow = Nullable<ActivityRow & Pick<AccountProfileRow, 'segment' | 'seats'>> & SupportRow
type Row = AccountRow &
  InputRow &
  Nullable<Pick<AccountScoreRow, 'scored' | 'standing'>> & { readonly override: ScoreOverride | null }

export const lockAccounts = accountLocks('account_id')

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

/** When accounts are looked at: the first day that is scored. */
export interface Look {
  readonly calendar: Calendar
  readonly day: Day
}

// A day that was missed is scored by what counted then.
const ratedSince = ({ day }: Look): Day => day - LONGEST_CATCH_UP_DAYS - COUNTED_DAYS

// $2: the first day.
const RATINGS = `(
  SELECT json_agg(rated ORDER BY day) FROM (
    SELECT rated_on - ${EPOCH} AS day, count(*) FILTER (WHERE rating = 'good') AS good, count(*) AS all
    FROM ticket_rating
    WHERE ticket_rating.account_id = account.account_id AND rated_on >= ${EPOCH} + $2::int
    GROUP BY rated_on) AS rated)`

const OVERRIDE = `(
  SELECT json_build_object('score', score, 'reason', reason, 'until',
    to_char(until AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
  FROM score_override WHERE score_override.account_id = account.account_id AND ended_at IS NULL)`

const INPUTS = `first_day, start_day, deferred_from, persons, reach, breadth, key_features, frequency_level,
  breadth_level, reach_level, segment, seats, ${SERIOUS_TICKETS} AS tickets, ${RATINGS} AS ratings`

const INPUT_TABLES = `account LEFT JOIN account_activity USING (account_id) LEFT JOIN account_profile USING (account_id)`

/** These accounts, in the order of their ids; they are locked by now. */
export const readAccounts = async (
  tx: Pick<EntityManager, 'query'>,
  accountIds: readonly string[],
  look: Look,
): Promise<readonly Account[]> => {
  const rows = await tx.query<Row[]>(
    `SELECT account.*, ${INPUTS}, scored, standing, ${OVERRIDE} AS override
     FROM ${INPUT_TABLES} LEFT JOIN account_score USING (account_id)
     WHERE account_id = ANY($1::uuid[]) ORDER BY account_id`,
    [plain(accountIds), ratedSince(look)],
  )
  return rows.map((row) => ({
    ...inputsOf(row, look.calendar),
    accountId: row.account_id,
    newestUsageAt: row.newest_usage_at,
    newestTicketAt: row.newest_ticket_at,
    override: row.override,
    standing: row.scored && row.standing && standingOf(row.scored, row.standing),
    scored: row.scored,
  }))
}

/** What scores of these accounts are made of, and no more. */
export const readInputs = async (
  database: Pick<EntityManager, 'query'>,
  accountIds: readonly string[],
  look: Look,
): Promise<readonly Inputs[]> => {
  const rows = await database.query<InputRow[]>(
    `SELECT ${INPUTS} FROM ${INPUT_TABLES} WHERE account_id = ANY($1::uuid[])`,
    [accountIds, ratedSince(look)],
  )
  return rows.map((row) => inputsOf(row, look.calendar))
}

/** What support says of these accounts. */
export const readSupport = async (
  tx: Pick<EntityManager, 'query'>,
  accountIds: readonly string[],
  look: Look,
): Promise<ReadonlyMap<string, Support>> => {
  const rows = await tx.query<(SupportRow & { readonly account_id: string })[]>(
    `SELECT account_id, ${SERIOUS_TICKETS} AS tickets, ${RATINGS} AS ratings
     FROM account WHERE account_id = ANY($1::uuid[])`,
    [accountIds, ratedSince(look)],
  )
  return new Map(rows.map((row) => [row.account_id, supportOf(row, look.calendar)]))
}

const inputsOf = (row: InputRow, calendar: Calendar): Inputs => ({
  segment: row.segment ?? 'all',
  seats: row.seats,
  activity: activityOfRow(row),
  ...supportOf(row, calendar),
})

const supportOf = ({ tickets, ratings }: SupportRow, calendar: Calendar): Support => ({
  tickets: (tickets ?? []).map(({ status, priority, opened_at }) => ({
    status,
    priority,
    openedOn: calendar.dayOf(new Date(opened_at)),
  })),
  ratings: ratings ?? [],
})

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

/** How many accounts have facts. */
export const countAccounts = async (tx: Pick<EntityManager, 'query'>): Promise<number> => {
  const [row] = await tx.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM account WHERE newest_usage_at IS NOT NULL OR newest_ticket_at IS NOT NULL`,
  )
  return row?.count ?? 0
}

/** Deletes all that follows from events alone. Scores, their history, profiles and what people set stay. */
export const clearInputs = async (tx: EntityManager): Promise<void> => {
  await tx.query(`TRUNCATE usage_fact, account_activity, ticket, ticket_event, ticket_rating, input_kind`)
  await tx.query(`UPDATE account SET newest_usage_at = NULL, newest_ticket_at = NULL`)
}
