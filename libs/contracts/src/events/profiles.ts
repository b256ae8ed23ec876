import Type from 'typebox'
import { Sealed } from '../sealed.ts'
import { AccountId, Instant, OpenValues } from './common.ts'

export const AccountProfiled = Type.Object(
  {
    accountId: AccountId,
    externalId: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    namespace: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
    name: Type.With(Type.Union([Type.String(), Type.Null()]), { description: 'Group trait `name`.' }),
    segment: Type.With(Type.String({ minLength: 1 }), { description: '`all` until segments exist.' }),
    traits: OpenValues,
    sealed: Type.Optional(Sealed),
    firstObservedAt: Type.With(Instant, { description: 'Event times of the first and the newest observation.' }),
    lastObservedAt: Instant,
  },
  { description: 'The account as known now (compacted: the latest per account counts).' },
)
export type AccountProfiled = Type.Static<typeof AccountProfiled>
