// The read side: lists for people.
import type { Band, TicketPriority, TicketStatus } from '@banso/contracts'
import type { DataSource } from 'typeorm'
import type { Rating } from './input-rows.ts'

export interface AccountEntry {
  readonly accountId: string
  readonly name: string | null
  readonly segment: string
  readonly score: number | null
  readonly band: Band | null
  readonly coverage: number
  readonly overridden: boolean
  readonly day: string
  readonly newestInputAt: Date | null
}

export type AccountSort = 'score' | '-score' | 'day'
/** What the list is ordered by: a score (of an account without one a number beyond all), or a day. */
export type AccountKey = readonly [value: number | string, accountId: string]

// Accounts without a score come last, whichever the order.
const ORDERS: Readonly<Record<AccountSort, { key: string; type: string; than: '>' | '<'; order: 'ASC' | 'DESC' }>> = {
  score: { key: 'coalesce(score.score, 101)', type: 'float8', than: '>', order: 'ASC' },
  '-score': { key: 'coalesce(score.score, -1)', type: 'float8', than: '<', order: 'DESC' },
  day: { key: 'score.scored_day', type: 'date', than: '>', order: 'ASC' },
}

export const keyOfEntry = (sort: AccountSort, { accountId, score, day }: AccountEntry): AccountKey => {
  switch (sort) {
    case 'score':
      return [score ?? 101, accountId]
    case '-score':
      return [score ?? -1, accountId]
    case 'day':
      return [day, accountId]
    default:
      return sort satisfies never
  }
}

export interface AccountListQuery {
  readonly band: Band | 'none' | null
  readonly sort: AccountSort
  readonly after: AccountKey | undefined
  readonly limit: number
}

export interface TicketEntry {
  readonly source: string
  readonly ticketId: string
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly openedAt: Date
  readonly changedAt: Date
  readonly rating: Rating | null
}

export type TicketKey = readonly [changedAt: string, source: string, ticketId: string]

export interface TicketListQuery {
  readonly accountId: string
  /** Of those that are not open, only what changed since. */
  readonly since: Date
  readonly after: TicketKey | undefined
  readonly limit: number
}

export class AccountLists {
  constructor(private readonly database: DataSource) {}

  accounts({ band, sort, after, limit }: AccountListQuery): Promise<AccountEntry[]> {
    const { key, type, than, order } = ORDERS[sort]
    return this.database.query<AccountEntry[]>(
      `SELECT account_id AS "accountId", profile.name, coalesce(profile.segment, 'all') AS segment,
         score.score, score.band, coalesce(score.coverage, 0) AS coverage,
         score.scored->'override' IS NOT NULL AS overridden, score.scored_day::text AS day,
         greatest(account.newest_usage_at, account.newest_ticket_at) AS "newestInputAt"
       FROM account_score AS score
       JOIN account USING (account_id)
       LEFT JOIN account_profile AS profile USING (account_id)
       WHERE ($1::text IS NULL OR coalesce(score.band, 'none') = $1)
         AND ($2::${type} IS NULL OR (${key}, account_id) ${than} ($2, $3::uuid))
       ORDER BY ${key} ${order}, account_id ${order} LIMIT $4`,
      [band, after?.[0] ?? null, after?.[1] ?? null, limit],
    )
  }

  /** The latest change first. */
  tickets({ accountId, since, after, limit }: TicketListQuery): Promise<TicketEntry[]> {
    return this.database.query<TicketEntry[]>(
      `SELECT source, ticket_id AS "ticketId", status, priority, opened_at AS "openedAt", changed_at AS "changedAt", rating
       FROM ticket
       LEFT JOIN ticket_rating USING (account_id, source, ticket_id)
       WHERE account_id = $1 AND (status NOT IN ('solved', 'closed') OR changed_at >= $2)
         AND NOT EXISTS (
           SELECT FROM ticket AS moved
           WHERE moved.source = ticket.source AND moved.ticket_id = ticket.ticket_id
             AND (moved.changed_at, moved.received_at, moved.event_id)
               > (ticket.changed_at, ticket.received_at, ticket.event_id))
         AND ($3::timestamptz IS NULL OR (changed_at, source, ticket_id) < ($3, $4::text, $5::text))
       ORDER BY changed_at DESC, source DESC, ticket_id DESC LIMIT $6`,
      [accountId, since, ...(after ?? [null, null, null]), limit],
    )
  }
}
