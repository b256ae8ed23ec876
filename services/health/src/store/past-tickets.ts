import type { TicketPriority, TicketStatus } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import type { Calendar, Day } from '@banso/platform'
import { ratedDays } from '../domain/ratings.ts'
import type { Support } from './account.ts'
import type { Rating } from './input-rows.ts'

export interface PastMoment {
  /** What happened up to the end of this day, */
  readonly day: Day
  /** as known at the end of this one; null: now. */
  readonly knownOn: Day | null
  readonly calendar: Calendar
}

interface TicketEventFields {
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly opened_at: Date
  readonly changed_at: Date
  readonly rating: Rating | null
}

const LATEST = 'ORDER BY source, ticket_id, changed_at DESC, received_at DESC, event_id DESC'

// Of tickets that the account had at any time, the events of all accounts: a ticket that has moved is another's.
const KNOWN = `
  SELECT * FROM ticket_event AS event
  WHERE changed_at < $2 AND ($3::timestamptz IS NULL OR received_at < $3)
    AND EXISTS (SELECT FROM ticket AS own WHERE own.account_id = $1
      AND own.source = event.source AND own.ticket_id = event.ticket_id)`

/** Tickets and ratings of an account as they were at a moment of the past. `any`: whether there was any event of one. */
export const readTicketsOf = async (
  database: Pick<EntityManager, 'query'>,
  accountId: string,
  { day, knownOn, calendar }: PastMoment,
): Promise<Support & { readonly any: boolean }> => {
  const moment = [accountId, calendar.startOf(day + 1), knownOn === null ? null : calendar.startOf(knownOn + 1)]
  const tickets = await database.query<TicketEventFields[]>(
    `SELECT * FROM (SELECT DISTINCT ON (source, ticket_id) * FROM (${KNOWN}) AS known ${LATEST}) AS latest
     WHERE account_id = $1`,
    moment,
  )
  const rated = await database.query<TicketEventFields[]>(
    `SELECT DISTINCT ON (source, ticket_id) * FROM (${KNOWN}) AS known
     WHERE account_id = $1 AND rating IS NOT NULL ${LATEST}`,
    moment,
  )
  return {
    any: tickets.length > 0,
    tickets: tickets.map(({ status, priority, opened_at }) => ({
      status,
      priority,
      openedOn: calendar.dayOf(opened_at),
    })),
    ratings: ratedDays(
      rated.map(({ rating, changed_at }) => ({ day: calendar.dayOf(changed_at), good: rating === 'good' })),
    ),
  }
}
