// Which schema each event type has; the compiled validators.
import type Type from 'typebox'
import { Compile } from 'typebox/compile'
import { AccountScored, HealthAlarmRaised, HealthBandChanged, HealthScoreMoved } from './events/health.ts'
import {
  AccountObserved,
  PersonKeyMade,
  PersonObserved,
  ProductUsed,
  TicketOpened,
  TicketRated,
  TicketReplied,
  TicketStatusChanged,
} from './events/ingested.ts'
import { FlagCleared, FlagRaised, MilestoneReached, PaceChanged, StageEntered } from './events/journeys.ts'
import { AccountProfiled } from './events/profiles.ts'
import { SegmentCallReceived, ZendeskTicketReceived } from './events/received.ts'
import { ActionDone, ActionFailed, ActionRequested, RunFinished, RunHeldBack, RunStarted } from './events/runs.ts'
import type { topics } from './topics.ts'

export const eventSchemas = {
  'ingestion.segment-call-received.v1': SegmentCallReceived,
  'ingestion.zendesk-ticket-received.v1': ZendeskTicketReceived,
  'ingestion.person-key-made.v1': PersonKeyMade,
  'ingestion.product-used.v1': ProductUsed,
  'ingestion.ticket-opened.v1': TicketOpened,
  'ingestion.ticket-replied.v1': TicketReplied,
  'ingestion.ticket-status-changed.v1': TicketStatusChanged,
  'ingestion.ticket-rated.v1': TicketRated,
  'ingestion.person-observed.v1': PersonObserved,
  'ingestion.account-observed.v1': AccountObserved,
  'accounts.account-profiled.v1': AccountProfiled,
  'health.account-scored.v1': AccountScored,
  'health.band-changed.v1': HealthBandChanged,
  'health.score-moved.v1': HealthScoreMoved,
  'health.alarm-raised.v1': HealthAlarmRaised,
  'journeys.stage-entered.v1': StageEntered,
  'journeys.milestone-reached.v1': MilestoneReached,
  'journeys.pace-changed.v1': PaceChanged,
  'journeys.flag-raised.v1': FlagRaised,
  'journeys.flag-cleared.v1': FlagCleared,
  'playbooks.run-started.v1': RunStarted,
  'playbooks.run-held-back.v1': RunHeldBack,
  'playbooks.action-requested.v1': ActionRequested,
  'playbooks.action-done.v1': ActionDone,
  'playbooks.action-failed.v1': ActionFailed,
  'playbooks.run-finished.v1': RunFinished,
} as const

export type EventType = keyof typeof eventSchemas
export type EventData<T extends EventType> = Type.Static<(typeof eventSchemas)[T]>
/** The event types that a topic carries. */
export type EventTypeOn<N extends (typeof topics)[keyof typeof topics]['name']> = Extract<
  (typeof topics)[keyof typeof topics],
  { name: N }
>['types'][number]

/** A fault of a value against its schema: where (JSON pointer) and what. */
export interface Fault {
  readonly pointer: string
  readonly message: string
}

interface CompiledSchema {
  Check(value: unknown): boolean
  Errors(value: unknown): { instancePath: string; message: string }[]
}

const compiled = new Map<EventType, CompiledSchema>()

/** At its first use: each process meets few of the types. */
const compiledOf = (type: EventType): CompiledSchema => {
  const known = compiled.get(type)
  if (known) return known
  const made = Compile(eventSchemas[type] as Type.TSchema)
  compiled.set(type, made)
  return made
}

export const isEventType = (type: string): type is EventType => Object.hasOwn(eventSchemas, type)

/** Whether `data` is valid data of an event of this type. Unknown fields are allowed: schemas only ever grow. */
export const isEventData = <T extends EventType>(type: T, data: unknown): data is EventData<T> =>
  compiledOf(type).Check(data)

/** What is wrong with `data`; empty when it is valid. At most 8 faults: TypeBox gathers no more. */
export const faultsOf = (type: EventType, data: unknown): Fault[] =>
  compiledOf(type)
    .Errors(data)
    .map((fault) => ({ pointer: fault.instancePath, message: fault.message }))
