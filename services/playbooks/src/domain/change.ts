import type { HealthBandChanged, HealthScoreMoved } from '@banso/contracts'

/** A change of an account's health, as playbooks see it. */
export type Change = {
  /** ce_id of the event. */
  readonly id: string
  readonly eventType: string
  /** The event's own time. */
  readonly time: Date
  readonly accountId: string
} & (
  | { readonly on: 'band-changed'; readonly data: HealthBandChanged }
  | { readonly on: 'score-moved'; readonly data: HealthScoreMoved }
)

const HISTORY_MS = 24 * 3_600_000

/** Caused by events alone, the newest of which was already over 24 hours old when it was received. */
export const isHistory = ({ data: { cause, newestEvent } }: Change): boolean =>
  cause === 'events' &&
  newestEvent !== null &&
  Date.parse(newestEvent.receivedAt) - Date.parse(newestEvent.time) > HISTORY_MS
