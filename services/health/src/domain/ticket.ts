import type { TicketPriority, TicketStatus } from '@banso/contracts'
import type { Day } from './day.ts'

/** A ticket as scoring sees it. */
export interface Ticket {
  readonly status: TicketStatus
  readonly priority: TicketPriority | null
  readonly openedOn: Day
}

const LONGEST_AGE_DAYS = 14
const LOAD_OF_HALF_SCORE = 4

const WEIGHT: Readonly<Record<TicketPriority, number>> = { urgent: 2, high: 1, normal: 0, low: 0 }

const isOpen = (status: TicketStatus): boolean => status !== 'solved' && status !== 'closed'

/** x = Σ p·(1 + min(age in whole days, 14)/7) over urgent (p = 2) and high (p = 1) tickets neither solved nor closed. */
export const openUrgentLoad = (tickets: readonly Ticket[], asOf: Day): number => {
  let load = 0
  for (const { status, priority, openedOn } of tickets) {
    if (priority === null || !isOpen(status) || openedOn > asOf) continue
    load += WEIGHT[priority] * (1 + Math.min(asOf - openedOn, LONGEST_AGE_DAYS) / 7)
  }
  return load
}

/** 100/(1+(x/4)²) */
export const scoreOfLoad = (load: number): number => 100 / (1 + (load / LOAD_OF_HALF_SCORE) ** 2)
