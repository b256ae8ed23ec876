import { triggerFact } from '@banso/conditions'
import type { EventOn } from '@banso/messaging'
import type { TriggerName } from '../domain/document.ts'
import type { Occasion } from '../domain/occasion.ts'

const HISTORY_MS = 24 * 3_600_000

const isLate = (time: string | Date, receivedAt: string): boolean =>
  Date.parse(receivedAt) - new Date(time).getTime() > HISTORY_MS

interface Caused {
  readonly cause: 'events' | 'daily'
  readonly newestEvent: { readonly time: string; readonly receivedAt: string } | null
}

/** Caused by events alone, the newest of which was already over 24 hours old when it was received. */
const isHistory = ({ cause, newestEvent }: Caused): boolean =>
  cause === 'events' && newestEvent !== null && isLate(newestEvent.time, newestEvent.receivedAt)

type HealthEvent = EventOn<'health.changes.v1'>
type JourneyEvent = EventOn<'journeys.progress.v1'>
type TicketEvent = EventOn<'ingestion.tickets.v1'>

const HEALTH = {
  'health.band-changed.v1': 'band-changed',
  'health.score-moved.v1': 'score-moved',
  'health.alarm-raised.v1': 'alarm-raised',
} as const satisfies Record<HealthEvent['type'], TriggerName>

const JOURNEY = {
  'journeys.stage-entered.v1': 'stage-entered',
  'journeys.milestone-reached.v1': 'milestone-reached',
  'journeys.pace-changed.v1': 'pace-changed',
  'journeys.flag-raised.v1': 'flag-raised',
  'journeys.flag-cleared.v1': 'flag-cleared',
} as const satisfies Record<JourneyEvent['type'], TriggerName>

const TICKET = {
  'ingestion.ticket-opened.v1': 'ticket-opened',
  'ingestion.ticket-replied.v1': 'ticket-replied',
  'ingestion.ticket-status-changed.v1': 'ticket-status-changed',
  'ingestion.ticket-rated.v1': 'ticket-rated',
} as const satisfies Record<TicketEvent['type'], TriggerName>

const common = ({ id, type, time, data }: HealthEvent | JourneyEvent | TicketEvent) => ({
  id,
  eventType: type,
  time,
  accountId: data.accountId,
})

export const healthOccasion = (event: HealthEvent): Occasion => {
  const { evidence, accountId: _, ...values } = event.data
  const { from, to, first = false } = event.data
  const on = HEALTH[event.type]
  return {
    ...common(event),
    on,
    history: isHistory(event.data),
    firstScore: first,
    trigger: {
      ...triggerFact(on, event.time),
      from: from.band,
      to: to.band,
      fromScore: from.score,
      toScore: to.score,
      first,
      ...(event.type === 'health.score-moved.v1' && { movedBy: event.data.movedBy }),
      ...(event.type === 'health.alarm-raised.v1' && { recent: event.data.recent, usual: event.data.usual }),
    },
    values,
    evidence,
  }
}

const journeyFacts = (event: JourneyEvent) => {
  switch (event.type) {
    case 'journeys.stage-entered.v1':
      return { from: event.data.from, to: event.data.stage, direction: event.data.direction }
    case 'journeys.milestone-reached.v1':
      return { milestone: event.data.milestone, how: event.data.how }
    case 'journeys.pace-changed.v1': {
      const { from, to, milestone } = event.data
      return { from, to, pace: to, milestone }
    }
    case 'journeys.flag-raised.v1':
    case 'journeys.flag-cleared.v1':
      return { flag: event.data.flag }
    default:
      return event satisfies never
  }
}

export const journeyOccasion = (event: JourneyEvent): Occasion => {
  const { evidence, accountId: _, ...values } = event.data
  const { journey, stage } = event.data
  const on = JOURNEY[event.type]
  return {
    ...common(event),
    on,
    history: isHistory(event.data),
    firstScore: 'first' in event.data && event.data.first,
    trigger: { ...triggerFact(on, event.time), journey: journey.name, stage, ...journeyFacts(event) },
    values,
    evidence,
  }
}

export const ticketOccasion = (event: TicketEvent): Occasion => {
  const { source, ticketId, status, priority, openedAt, receivedAt } = event.data
  const on = TICKET[event.type]
  const said = {
    ...(event.type === 'ingestion.ticket-replied.v1' && { by: event.data.by, public: event.data.public }),
    ...(event.type === 'ingestion.ticket-rated.v1' && { rating: event.data.rating }),
  }
  return {
    ...common(event),
    on,
    history: isLate(event.time, receivedAt),
    firstScore: false,
    trigger: { ...triggerFact(on, event.time), source, ticketId, status, priority, to: status, ...said },
    values: { source, ticketId, status, priority, openedAt, receivedAt, ...said },
    evidence: [event.id],
  }
}
