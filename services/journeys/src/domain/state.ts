// Where an account stands on its journey: it follows from facts, the journey's version, and the day.
import type { Pace } from '@banso/contracts'
import type { Day } from './day.ts'
import type { Finding } from './facts.ts'

/** A stage that was entered, and why. */
export interface Entry extends Finding {
  readonly stage: string
  readonly from: string | null
  readonly direction: 'first' | 'forward' | 'back'
}

export interface Reached extends Finding {
  readonly how: 'automatic' | 'manual'
}

/** How a stage or a milestone stands against its durations. */
export interface Pacing {
  readonly pace: Pace
  /** Since when; null: from the start. */
  readonly at: string | null
  readonly reason: string
  readonly values: Readonly<Record<string, unknown>>
}

/** A flag that is up, or why it is down. */
export interface Flagged {
  readonly raised: boolean
  /** Of a risk: it was there, or was not, from the first score on, or since a measure was new for everybody. */
  readonly first?: boolean
  readonly at: string
  readonly reason: string
  readonly values: Readonly<Record<string, unknown>>
}

/** `waiting`: nothing of it but a lock, a score or a ticket; its journey has not begun. `dormant`: nobody uses the product. */
export type JourneyState =
  | { readonly status: 'waiting' }
  | {
      readonly status: 'active' | 'dormant'
      readonly day: Day
      /** Stages in the order in which they were entered; the last one is the present. */
      readonly entries: readonly [Entry, ...Entry[]]
      readonly pace: Pacing
      /** Those reached, of the whole journey. */
      readonly reached: Readonly<Record<string, Reached>>
      /** Those of the present stage that are not reached. */
      readonly paces: Readonly<Record<string, Pacing>>
      readonly flags: Readonly<Record<'stalled' | 'dormant' | 'at-risk', Flagged>>
    }

export type Underway = Exclude<JourneyState, { status: 'waiting' }>

export const WAITING: JourneyState = { status: 'waiting' }

export const presentOf = ({ entries }: Underway): Entry => entries.at(-1) ?? entries[0]

/** The one thing to see of an account on a board: the gravest. */
export const standings = ['dormant', 'stalled', 'stuck', 'behind', 'on-track'] as const
export type Standing = (typeof standings)[number]

export const standingOf = ({ flags, pace }: Underway): Standing => {
  if (flags.dormant.raised) return 'dormant'
  return flags.stalled.raised ? 'stalled' : pace.pace
}
