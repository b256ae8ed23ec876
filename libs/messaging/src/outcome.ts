/**
 * What a handler says of one event. A handler that returns nothing says `done` of all. A call that says `retry` or `dead`
 * of any is undone as a whole, and made again without those.
 */
export type Outcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'skip'; readonly reason: string }
  /** Transient: park the key, try again with back-off, 20 attempts, then dead. */
  | { readonly kind: 'retry'; readonly reason: string }
  /** Permanent: dead at once. */
  | { readonly kind: 'dead'; readonly reason: string }

export type Outcomes = readonly Outcome[]
