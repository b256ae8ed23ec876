import type { TicketPriority, TicketStatus } from '@banso/contracts'

/** What one event says of a ticket. */
export interface TicketState {
  readonly accountId: string
  readonly source: string
  readonly ticketId: string
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly openedAt: Date
  /** Time of the event, time of its receipt, its id: the latest by these, in this order, counts. */
  readonly changedAt: Date
  readonly receivedAt: Date
  readonly eventId: string
}

// Ids by code unit, as the column's collation does.
const isLater = (a: TicketState, b: TicketState): boolean => {
  const byTime = a.changedAt.getTime() - b.changedAt.getTime() || a.receivedAt.getTime() - b.receivedAt.getTime()
  return byTime === 0 ? a.eventId > b.eventId : byTime > 0
}

/** Of each ticket what the latest of its events says. */
export const latestOfEach = (states: readonly TicketState[]): TicketState[] => {
  const latest = new Map<string, TicketState>()
  for (const state of states) {
    const key = JSON.stringify([state.accountId, state.source, state.ticketId])
    const known = latest.get(key)
    if (known === undefined || isLater(state, known)) latest.set(key, state)
  }
  return [...latest.values()]
}
