// What is known of an account.
import type { AccountScored, ScoreOverride } from '@banso/contracts'
import type { Activity } from '../domain/activity.ts'
import type { RatedDay } from '../domain/ratings.ts'
import type { Standing } from '../domain/standing.ts'
import type { Ticket } from '../domain/ticket.ts'

/** What support says of an account. */
export interface Support {
  /** Those that are open, urgent or high. */
  readonly tickets: readonly Ticket[]
  /** Those that still count, in the order of days. */
  readonly ratings: readonly RatedDay[]
}

/** What a score is made of. */
export interface Inputs extends Support {
  /** `all` until segments exist. */
  readonly segment: string
  readonly seats: number | null
  readonly activity: Activity | null
}

/** An account before or after a chunk. */
export interface Account extends Inputs {
  readonly accountId: string
  readonly newestUsageAt: Date | null
  readonly newestTicketAt: Date | null
  /** The one that has not ended; it may be due. */
  readonly override: ScoreOverride | null
  readonly standing: Standing | null
  /** The score as it was published last. */
  readonly scored: AccountScored | null
}
