/** Something that came while the playbook was paused. */
export type HeldInput =
  | { readonly kind: 'due'; readonly step: string }
  | { readonly kind: 'settled'; readonly step: string; readonly outcome: ActionOutcome }
  /** The account's facts changed. */
  | { readonly kind: 'look' }

/** What an action came to. */
export type ActionOutcome = { readonly kind: 'done' } | { readonly kind: 'failed'; readonly reason: string }

/**
 * What a run waits for at its step. `until`: ISO 8601; `cap`: the next day, because of a daily cap; `serious-ticket`: that
 * none is open, because the playbook sells.
 */
export type Waiting =
  | { readonly for: 'action' | 'serious-ticket' }
  | { readonly for: 'time' | 'condition' | 'cap'; readonly until: string }

/** Where a run stands. */
export type RunState =
  | {
      readonly status: 'running'
      readonly step: string
      readonly waiting: Waiting
      /** Ids of the goal steps in force. */
      readonly goals: readonly string[]
      readonly held: readonly HeldInput[]
    }
  | { readonly status: 'done' | 'goal' | 'exited' }
  /** `at`: the step whose action failed, and the goals that were in force; once that is asked for again, the run goes on. */
  | {
      readonly status: 'failed'
      readonly reason: string
      readonly at?: { readonly step: string; readonly goals: readonly string[] }
    }
