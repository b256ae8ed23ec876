/** A measure of the health score, by what `health.scores.v1` says of it. */
export interface MeasureFacts {
  /** In the measure's own unit. */
  readonly value: number | null
  /** 0 to 100. */
  readonly score: number | null
  /** 0 to 100 among its peers. */
  readonly peerRank: number | null
}

export type BandFact = 'red' | 'amber' | 'green'
export type PaceFact = 'on-track' | 'behind' | 'stuck'

/** What a condition may ask of an account (scope `account`). null: not known. */
export interface AccountFacts {
  readonly account: {
    readonly id: string
    readonly externalId: string | null
    readonly name: string | null
    readonly segment: string
    /** Any JSON. */
    readonly traits: Readonly<Record<string, unknown>>
  }
  readonly health: {
    readonly score: number | null
    readonly band: BandFact | null
    readonly outcome: number | null
    readonly experience: number | null
    /** 0 to 1; 0 for an account that was never scored. */
    readonly coverage: number
    readonly partial: boolean
    readonly measures: Readonly<Record<string, MeasureFacts>>
  }
  readonly journey: {
    readonly name: string | null
    readonly stage: string | null
    /** Whole days. */
    readonly daysInStage: number | null
    readonly pace: PaceFact | null
    readonly stalled: boolean
    readonly dormant: boolean
    readonly atRisk: boolean
    /** Names of those reached. */
    readonly milestones: readonly string[]
  }
  /** Serious: open, and urgent or high. */
  readonly tickets: {
    readonly open: number
    readonly serious: number
    /** Whole days. */
    readonly oldestSeriousDays: number | null
  }
  /** ISO 8601 instant. */
  readonly now: string
  /** The day in the installation's time zone: `2026-01-31`. */
  readonly today: string
}

export type TriggerType =
  | 'band-changed'
  | 'score-moved'
  | 'alarm-raised'
  | 'stage-entered'
  | 'milestone-reached'
  | 'pace-changed'
  | 'flag-raised'
  | 'flag-cleared'
  | 'ticket-opened'
  | 'ticket-replied'
  | 'ticket-status-changed'
  | 'ticket-rated'
  | 'schedule'

/** What set a playbook off. Each fact but `type` and `at` is null where its type of trigger does not have it. */
export interface TriggerFact {
  readonly type: TriggerType
  /** ISO 8601 instant: the event's own time, or the time at which a schedule was due. */
  readonly at: string
  /** Band, stage, pace or ticket status that it was before and is now, as the type has it. */
  readonly from: string | null
  readonly to: string | null
  readonly fromScore: number | null
  readonly toScore: number | null
  /** Points, signed. */
  readonly movedBy: number | null
  readonly first: boolean | null
  /** Person-days of the last 7 days, and of a usual week. */
  readonly recent: number | null
  readonly usual: number | null
  readonly journey: string | null
  readonly stage: string | null
  readonly direction: 'first' | 'forward' | 'back' | null
  readonly milestone: string | null
  readonly how: 'automatic' | 'manual' | null
  readonly pace: PaceFact | null
  readonly flag: 'stalled' | 'dormant' | 'at-risk' | null
  readonly source: string | null
  readonly ticketId: string | null
  readonly status: 'new' | 'open' | 'pending' | 'hold' | 'solved' | 'closed' | null
  readonly priority: 'low' | 'normal' | 'high' | 'urgent' | null
  readonly by: 'agent' | 'customer' | null
  readonly public: boolean | null
  readonly rating: 'good' | 'bad' | null
}

/** A trigger of which nothing is known but its type and its time. */
export const triggerFact = (type: TriggerType, at: Date): TriggerFact => ({
  type,
  at: at.toISOString(),
  from: null,
  to: null,
  fromScore: null,
  toScore: null,
  movedBy: null,
  first: null,
  recent: null,
  usual: null,
  journey: null,
  stage: null,
  direction: null,
  milestone: null,
  how: null,
  pace: null,
  flag: null,
  source: null,
  ticketId: null,
  status: null,
  priority: null,
  by: null,
  public: null,
  rating: null,
})

/** What a condition of a playbook's trigger may ask (scope `trigger`). */
export interface TriggerFacts extends AccountFacts {
  readonly trigger: TriggerFact
}

export type ConditionScope = 'account' | 'trigger'

/** The facts that a condition of a scope is evaluated on. */
export type FactsOf<S extends ConditionScope> = S extends 'trigger' ? TriggerFacts : AccountFacts
