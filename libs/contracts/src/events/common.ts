import Type from 'typebox'

export const Instant = Type.String({
  format: 'date-time',
  description: 'ISO 8601 with a zone: `2026-01-31T09:30:00.000Z`.',
})
export const AccountId = Type.String({
  format: 'uuid',
  description: 'UUID of an account: UUIDv5 of (namespace, external id).',
})
export const PersonId = Type.String({ format: 'uuid', description: 'Random UUID of a person: a pseudonym.' })
export const SourceName = Type.String({
  pattern: '^[a-z0-9][a-z0-9-]{0,62}$',
  description: 'Name of a source, as given when it was made.',
})
export const OpenValues = Type.Record(Type.String(), Type.Unknown(), {
  description: 'A trait or property that is not personal.',
})

export const Band = Type.Union([Type.Literal('red'), Type.Literal('amber'), Type.Literal('green')])
export type Band = Type.Static<typeof Band>

export const TicketStatus = Type.Union([
  Type.Literal('new'),
  Type.Literal('open'),
  Type.Literal('pending'),
  Type.Literal('hold'),
  Type.Literal('solved'),
  Type.Literal('closed'),
])
export type TicketStatus = Type.Static<typeof TicketStatus>

export const TicketPriority = Type.Union([
  Type.Literal('low'),
  Type.Literal('normal'),
  Type.Literal('high'),
  Type.Literal('urgent'),
])
export type TicketPriority = Type.Static<typeof TicketPriority>

export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

/** What a decision about an account follows from: events that came in, or nothing but the passing of days. */
export const causes = {
  cause: Type.With(Type.Union([Type.Literal('events'), Type.Literal('daily')]), {
    description: '`events`: new events came in; `daily`: the daily run (ageing, silence).',
  }),
  newestEvent: Type.With(
    Nullable(Type.Object({ id: Type.String({ minLength: 1 }), time: Instant, receivedAt: Instant })),
    { description: 'The newest of the events that caused it; null for `daily`.' },
  ),
  evidence: Type.With(Type.Array(Type.String(), { maxItems: 20 }), {
    description: 'ce_ids of events that caused it, newest first, at most 20.',
  }),
}
