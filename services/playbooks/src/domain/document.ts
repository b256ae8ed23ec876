import type { Band, JourneyFlag, Pace, TicketPriority, TicketStatus } from '@banso/contracts'
import type { Step } from './steps.ts'

type AnyOf<T> = readonly T[]
interface Ticket {
  readonly priority?: AnyOf<TicketPriority>
  readonly status?: AnyOf<TicketStatus>
}
interface Journey {
  readonly journey?: string
  readonly stage?: AnyOf<string>
}

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** Every day, or on these days of the week, at `hh:mm` in the installation's time zone, for each account. */
export interface Schedule {
  readonly on: 'schedule'
  readonly every: 'day' | AnyOf<Weekday>
  readonly at: string
}

/** What sets a playbook off. What a field left out would say, any value does. */
export type Trigger =
  /** `firstScore`: the account's first score counts too. */
  | {
      readonly on: 'band-changed'
      readonly to?: AnyOf<Band>
      readonly from?: AnyOf<Band>
      readonly firstScore?: boolean
    }
  | { readonly on: 'score-moved'; readonly direction?: 'down' | 'up'; readonly by: number }
  | { readonly on: 'alarm-raised' }
  | (Journey & { readonly on: 'stage-entered'; readonly direction?: AnyOf<'first' | 'forward' | 'back'> })
  | (Journey & { readonly on: 'milestone-reached'; readonly milestone?: AnyOf<string> })
  | (Journey & { readonly on: 'pace-changed'; readonly to?: AnyOf<Pace>; readonly from?: AnyOf<Pace> })
  | (Journey & { readonly on: 'flag-raised' | 'flag-cleared'; readonly flag?: AnyOf<JourneyFlag> })
  | (Ticket & { readonly on: 'ticket-opened' | 'ticket-status-changed' })
  | (Ticket & { readonly on: 'ticket-replied'; readonly by?: 'agent' | 'customer' })
  | (Ticket & { readonly on: 'ticket-rated'; readonly rating?: AnyOf<'good' | 'bad'> })
  | Schedule

export type TriggerName = Trigger['on']

/** What counts as the same occasion, for one playbook. */
export type Dedupe = 'account' | 'account-and-band' | 'account-and-stage' | 'ticket'

/** A playbook as it is stored and shown: every default filled in. */
export interface PlaybookDocument {
  readonly enabled: boolean
  /** `observe`: what would have run is told, nothing runs. */
  readonly mode: 'observe' | 'active'
  readonly trigger: Trigger
  /** CEL over the account's facts and the trigger's. */
  readonly condition?: string
  /** CEL over the account's facts. */
  readonly audience?: string
  readonly dedupe: Dedupe
  /** ISO 8601 duration. */
  readonly coolDown?: string
  /**
   * When it becomes active. `existing`: accounts that are already as the trigger says get a run too; `new-only`: what
   * happened before does not count. Left out: neither.
   */
  readonly firstActivation?: 'existing' | 'new-only'
  /** Held back while a serious ticket of the account is open. */
  readonly selling: boolean
  readonly steps: readonly Step[]
}
