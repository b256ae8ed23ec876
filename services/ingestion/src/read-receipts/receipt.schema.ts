import { AccountId, PersonId, SourceName } from '@banso/contracts'
import { InstantText, OrNull } from '@banso/platform'
import Type from 'typebox'

export const ReceiptSchema = Type.Object(
  {
    source: Type.With(SourceName, { examples: ['app'] }),
    messageId: Type.String({ examples: ['node-1768440732900-8f2e'] }),
    state: Type.Union([Type.Literal('accepted'), Type.Literal('quarantined'), Type.Literal('rejected')]),
    reason: OrNull(Type.String({ description: 'Why it was not accepted.', examples: ['PERSON_UNKNOWN'] })),
    accountId: OrNull(AccountId),
    personId: OrNull(PersonId),
    receivedAt: InstantText,
    sortedAt: InstantText,
    seenOn: Type.String({
      format: 'date',
      description: 'The day of `sortedAt`: from it the window of repeats counts.',
    }),
    repeats: Type.Integer({ minimum: 0, description: 'How often it was sent again.' }),
  },
  { title: 'Receipt', description: 'What became of an event.' },
)
