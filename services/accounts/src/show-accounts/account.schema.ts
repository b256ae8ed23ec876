import { AccountId, Instant, Nullable, OpenValues } from '@banso/contracts'
import Type from 'typebox'

export const AccountSchema = Type.Object(
  {
    accountId: AccountId,
    externalId: Nullable(Type.String({ examples: ['acme'], description: "The vendor's id of it." })),
    namespace: Nullable(Type.String({ examples: ['default'] })),
    name: Nullable(Type.String({ examples: ['Acme'] })),
    segment: Type.String({ examples: ['all'] }),
    traits: Type.With(OpenValues, { examples: [{ plan: 'pro', seats: 25 }] }),
    firstObservedAt: Instant,
    lastObservedAt: Instant,
    people: Type.Integer({ minimum: 0, examples: [12], description: 'Persons seen in this account so far.' }),
  },
  { title: 'Account', description: 'An account as it is known now, without what is personal.' },
)
