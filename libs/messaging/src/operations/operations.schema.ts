import { InstantText, OrNull, pageSchema } from '@banso/platform'
import Type from 'typebox'

const Count = Type.Integer({ minimum: 0, examples: [0] })
const Group = Type.String({ examples: ['health'] })

const PartitionStatusSchema = Type.Object(
  {
    topic: Type.String({ examples: ['ingestion.usage-events.v1'] }),
    partition: Type.Integer({ minimum: 0, examples: [7] }),
    next: Type.With(Count, { description: 'Offset of the next record.', examples: [1204] }),
    end: OrNull(Type.With(Count, { description: 'End of the log; null while it cannot be asked.', examples: [1204] })),
    lag: OrNull(Count),
    parked: Count,
    dead: Count,
  },
  { title: 'PartitionStatus' },
)

const GroupStatusSchema = Type.Object(
  {
    group: Group,
    state: Type.String({ examples: ['running'], description: '`running`, `stopped`, `rebuilding` or `republishing`.' }),
    reason: OrNull(
      Type.String({ examples: ['the log is another one than before'], description: 'Why it is stopped.' }),
    ),
    epoch: Type.Integer({ examples: [1] }),
    lag: OrNull(Count),
    parked: Type.With(Count, { description: 'Messages that wait to be tried again.' }),
    dead: Type.With(Count, { description: 'Messages that were given up.' }),
    fenceDrops: Type.Record(Type.String(), Count, {
      description: 'Records sent twice by their writers and dropped, since this instance started, per kind of writer.',
      examples: [{ outbox: 2 }],
    }),
    partitions: Type.Array(PartitionStatusSchema),
  },
  { title: 'GroupStatus' },
)

export const StatusSchema = Type.Object(
  {
    service: Group,
    groups: Type.Array(GroupStatusSchema),
    outbox: Type.Object({
      state: Type.String({ examples: ['running'] }),
      reason: OrNull(Type.String({ examples: ['the outbox is behind the log'], description: 'Why it is stopped.' })),
      rows: Type.With(Count, { description: 'Events that are not in the log yet.' }),
      oldestSeconds: Type.Number({ minimum: 0, examples: [0] }),
    }),
  },
  { title: 'Status', description: 'The consumer groups and the outbox of a service.' },
)

export const ResumedSchema = Type.Object(
  {
    groups: Type.Array(Group, { description: 'Those that were stopped and go on.' }),
    outboxGeneration: OrNull(
      Type.Integer({ examples: [2], description: "The outbox's new generation, when it was behind the log." }),
    ),
  },
  { title: 'Resumed' },
)

export const RebuildingSchema = Type.Object({ state: Type.Literal('rebuilding') })

export const DeadLettersSchema = pageSchema(
  Type.Object(
    {
      id: Type.String({ pattern: '^\\d{1,18}$', examples: ['41'] }),
      group: Group,
      topic: Type.String({ examples: ['ingestion.usage-events.v1'] }),
      partition: Type.Integer({ minimum: 0, examples: [7] }),
      offset: Type.String({ examples: ['1203'] }),
      key: Type.String({ examples: ['97214a4c-fb15-53e4-b2e7-ee0e803ab15e'] }),
      eventId: OrNull(Type.String({ examples: ['83709402-b0ba-44cc-8563-e98fd6c0fde1'] })),
      type: OrNull(Type.String({ examples: ['ingestion.product-used.v1'] })),
      reason: Type.String({ examples: ['failed'] }),
      errorClass: OrNull(Type.String({ examples: ['RangeError'] })),
      message: OrNull(Type.String({ examples: ['value out of range'] })),
      attempts: Type.Integer({ minimum: 0, examples: [10] }),
      firstFailedAt: OrNull(InstantText),
      diedAt: OrNull(InstantText),
      serviceVersion: Type.String({ examples: ['0.1.0'] }),
    },
    { title: 'DeadLetter', description: 'A message that was given up, without its value.' },
  ),
)

export const ReplayedSchema = Type.Object(
  {
    counted: Type.Integer({ minimum: 0, examples: [3], description: 'How many were picked before any was moved.' }),
    replayed: Type.Integer({ minimum: 0, examples: [3] }),
  },
  { title: 'Replayed' },
)
