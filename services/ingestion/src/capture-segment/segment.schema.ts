import { OpenValues } from '@banso/contracts'
import { OrNull } from '@banso/platform'
import Type from 'typebox'

const Id = Type.String({ minLength: 1, maxLength: 512 })
const Time = Type.String({ description: 'ISO 8601, from 1970 on.', examples: ['2026-01-15T01:40:12.900Z'] })

const call = {
  messageId: Type.Optional(
    Type.With(Id, {
      description: 'Sent again, it counts once. Without one it is made here, and cannot be known again.',
      examples: ['node-1768440732900-8f2e'],
    }),
  ),
  userId: Type.Optional(Type.With(Id, { description: 'It or `anonymousId` is needed.', examples: ['hanako'] })),
  anonymousId: Type.Optional(Id),
  groupId: Type.Optional(Type.With(Id, { description: '`group`: your id of the account.', examples: ['acme'] })),
  previousId: Type.Optional(Type.With(Id, { description: '`alias`: the id that `userId` had before.' })),
  event: Type.Optional(Type.With(Id, { description: "`track`: the event's name.", examples: ['Report Created'] })),
  name: Type.Optional(Type.String({ maxLength: 512, description: '`page`, `screen`: its name.' })),
  timestamp: Type.Optional(Time),
  sentAt: Type.Optional(Time),
  properties: Type.Optional(OpenValues),
  traits: Type.Optional(OpenValues),
  context: Type.Optional(
    Type.Record(Type.String(), Type.Unknown(), {
      description: '`context.groupId` names the account that an event belongs to.',
      examples: [{ groupId: 'acme' }],
    }),
  ),
}

const SegmentCallBody = Type.Object(call, {
  title: 'SegmentCall',
  description: 'One call, as the SDKs send it; unknown fields are kept.',
  examples: [{ userId: 'hanako', event: 'Report Created', context: { groupId: 'acme' } }],
})

const SegmentBatchBody = Type.Object(
  {
    batch: Type.Array(Type.Object({ type: Type.String(), ...call })),
    sentAt: Type.Optional(Time),
    context: call.context,
  },
  {
    title: 'SegmentBatch',
    description: 'Calls that name their `type` themselves. `context` holds for those that have none of their own.',
  },
)

export const SegmentBody = Type.Union([SegmentCallBody, SegmentBatchBody])

export const CallParameter = Type.String({
  description: 'The call, `batch`, or the short names of the browser SDK.',
  enum: ['track', 'identify', 'group', 'page', 'screen', 'alias', 'batch', 't', 'i', 'g', 'p', 's', 'a', 'b'],
})

export const TakenSchema = Type.Object(
  {
    success: Type.Boolean({ description: 'Of a batch always true: look at its results.', examples: [true] }),
    results: Type.Array(
      Type.Object(
        {
          messageId: OrNull(Type.String({ examples: ['node-1768440732900-8f2e'] })),
          status: Type.Union([Type.Literal('accepted'), Type.Literal('rejected')]),
          code: Type.Optional(Type.String({ description: 'Why it was rejected.', examples: ['EVENT_NAME_MISSING'] })),
          message: Type.Optional(Type.String({ examples: ['track needs event'] })),
          pointer: Type.Optional(Type.String({ description: 'JSON pointer within the body.', examples: ['/event'] })),
        },
        { title: 'CallResult', examples: [{ messageId: 'node-1768440732900-8f2e', status: 'accepted' }] },
      ),
      { description: 'What became of each, in the order in which they were sent.' },
    ),
  },
  { title: 'Taken' },
)
