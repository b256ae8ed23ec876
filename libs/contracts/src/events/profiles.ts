import Type from 'typebox'
import { Sealed } from '../sealed.ts'
import { AccountId, Instant, OpenValues } from './common.ts'

/** The account as known now (compacted: the latest per account counts). */
export const AccountProfiled = Type.Object({
  accountId: AccountId,
  externalId: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  namespace: Type.Union([Type.String({ minLength: 1 }), Type.Null()]),
  /** Group trait `name`. */
  name: Type.Union([Type.String(), Type.Null()]),
  /** `all` until segments exist. */
  segment: Type.String({ minLength: 1 }),
  traits: OpenValues,
  sealed: Type.Optional(Sealed),
  /** Event times of the first and the newest observation. */
  firstObservedAt: Instant,
  lastObservedAt: Instant,
})
export type AccountProfiled = Type.Static<typeof AccountProfiled>
