import { Band, JourneyFlag, Pace, TicketPriority, TicketStatus } from '@banso/contracts'
import Type, { type TProperties, type TSchema } from 'typebox'
import { WEEKDAYS } from '../domain/document.ts'

/** An object that refuses what it does not know. */
export const closed = <P extends TProperties>(properties: P, description?: string) =>
  Type.Object(properties, { additionalProperties: false, ...(description !== undefined && { description }) })

const someOf = <S extends TSchema>(schema: S) => Type.Optional(Type.Array(schema, { minItems: 1, uniqueItems: true }))

const Name = Type.String({ minLength: 1, maxLength: 63 })
/** `hh:mm` of the installation's time zone. */
export const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', description: 'hh:mm' })

const journey = { journey: Type.Optional(Name), stage: someOf(Name) }
const ticket = { priority: someOf(TicketPriority), status: someOf(TicketStatus) }
const Direction = Type.Union([Type.Literal('first'), Type.Literal('forward'), Type.Literal('back')])
const Rating = Type.Union([Type.Literal('good'), Type.Literal('bad')])
const Weekdays = Type.Array(Type.Union(WEEKDAYS.map((day) => Type.Literal(day))), { minItems: 1, uniqueItems: true })

export const TriggerSpec = Type.Union([
  closed({
    on: Type.Literal('band-changed'),
    to: someOf(Band),
    from: someOf(Band),
    firstScore: Type.Optional(Type.Boolean({ description: "The account's first score counts too." })),
  }),
  closed({
    on: Type.Literal('score-moved'),
    direction: Type.Optional(Type.Union([Type.Literal('down'), Type.Literal('up')])),
    by: Type.Optional(Type.Number({ minimum: 10, maximum: 100, description: 'Points within 7 days; 10 if left out.' })),
  }),
  closed({ on: Type.Literal('alarm-raised') }, 'Use fell well below what it usually is.'),
  closed({ on: Type.Literal('stage-entered'), ...journey, direction: someOf(Direction) }),
  closed({ on: Type.Literal('milestone-reached'), ...journey, milestone: someOf(Name) }),
  closed({ on: Type.Literal('pace-changed'), ...journey, to: someOf(Pace), from: someOf(Pace) }),
  closed({ on: Type.Literal('flag-raised'), ...journey, flag: someOf(JourneyFlag) }),
  closed({ on: Type.Literal('flag-cleared'), ...journey, flag: someOf(JourneyFlag) }),
  closed({ on: Type.Literal('ticket-opened'), ...ticket }),
  closed({ on: Type.Literal('ticket-status-changed'), ...ticket }),
  closed({
    on: Type.Literal('ticket-replied'),
    ...ticket,
    by: Type.Optional(Type.Union([Type.Literal('agent'), Type.Literal('customer')])),
  }),
  closed({ on: Type.Literal('ticket-rated'), ...ticket, rating: someOf(Rating) }),
  closed(
    { on: Type.Literal('schedule'), every: Type.Union([Type.Literal('day'), Weekdays]), at: TimeOfDay },
    "Every day or on these weekdays, at a time of the installation's zone, for each account.",
  ),
])
export type TriggerSpec = Type.Static<typeof TriggerSpec>
