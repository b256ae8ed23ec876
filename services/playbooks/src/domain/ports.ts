// What the parts of this service are to each other. Each is given a transaction whose accounts' rows are locked.
import type { BlueprintFault } from '@banso/blueprints'
import type { AccountFacts } from '@banso/conditions'
import type { ActionKind } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import type { ActionSpec } from './action-spec.ts'
import type { Occasion } from './occasion.ts'
import type { ActionOutcome } from './run-state.ts'

/** The kind as the log tells it: a Slack message is a webhook. */
export const actionKindOf = ({ kind }: ActionSpec): ActionKind => (kind === 'slack' ? 'webhook' : kind)

export interface ActionRequest {
  readonly runId: string
  readonly step: string
  /** `<run id>-<step>`: the webhook-id, the Message-ID's left part, the task's id. */
  readonly actionId: string
  readonly kind: ActionKind
  readonly accountId: string
  readonly playbook: string
  readonly version: number
  readonly spec: ActionSpec
}

/** A fault of an action's specification; the pointer is relative to it. */
export type SpecFault = BlueprintFault

/**
 * Performs actions. Before that the engine has inserted their rows into `action` (`spec` and `action_id` among the
 * columns, `next_attempt_at` now) and told `action-requested`.
 */
export abstract class Actions {
  /** Schedules what performs these, in the transaction of `work`; constant numbers of statements. */
  abstract start(work: Work, requests: readonly ActionRequest[]): Promise<void>
  /** What is wrong with a specification: a target that is not allowed, a content that is not there. */
  abstract check(tx: EntityManager, spec: ActionSpec): Promise<readonly SpecFault[]>
}

/** What actions say to the engine. */
export abstract class SettledActions {
  /**
   * One has ended, its row is written and `action-done` or `-failed` told: goes on with the run in the transaction of
   * `work`. A repeat has no effect.
   */
  abstract actionSettled(
    work: Work,
    settled: { readonly runId: string; readonly step: string; readonly outcome: ActionOutcome },
  ): Promise<void>
  /** One that failed is asked for again: the run that it ended waits for it, unless another of its key is under way. */
  abstract actionRedriven(work: Work, redriven: { readonly runId: string; readonly step: string }): Promise<void>
}

/** The facts of accounts as conditions see them. */
export abstract class FactsOf {
  /** One entry for each account asked for. */
  abstract read(tx: EntityManager, accountIds: readonly string[], now: Date): Promise<ReadonlyMap<string, AccountFacts>>
  /** Ids of known accounts behind `after` (empty: from the first), in order. */
  abstract accounts(tx: EntityManager, after: string, limit: number): Promise<readonly string[]>
}

/** How a playbook is controlled beside its document. */
export interface Control {
  /** It, or all playbooks. */
  readonly paused: boolean
  /** Set by a person in place of the document's; null: the document's. */
  readonly mode: 'observe' | 'active' | null
  /** When a person first made it active; null: nobody has. */
  readonly activatedAt: Date | null
}

/** A daily cap's counter. `day`: YYYY-MM-DD in the installation's time zone. */
export interface CapKey {
  readonly playbook: string
  readonly step: string
  readonly day: string
}

export const capKeyOf = ({ playbook, step, day }: CapKey): string => `${playbook} ${step} ${day}`

export abstract class Controls {
  /** By playbook name; one entry for each asked for. */
  abstract read(tx: EntityManager, playbooks: readonly string[]): Promise<ReadonlyMap<string, Control>>
  /**
   * How often these were used, by `capKeyOf`; locked, in key order, until the transaction ends. Ask once in a transaction
   * for all that it may use: who asks for more while it holds some can be caught in a deadlock.
   */
  abstract used(tx: EntityManager, keys: readonly CapKey[]): Promise<ReadonlyMap<string, number>>
  abstract use(tx: EntityManager, uses: readonly (CapKey & { readonly count: number })[]): Promise<void>
}

/** The way into the engine for occasions: events, schedules. */
export abstract class Occasions {
  /** Every cap that runs of these may use at once, whatever is decided of them. */
  abstract capsOf(occasions: readonly Occasion[], now: Date): readonly CapKey[]
  /** Decides them, starts runs or tells why not, in the transaction of `work`. An occasion offered again has no effect. */
  abstract offer(work: Work, occasions: readonly Occasion[]): Promise<void>
}

/** Runs under way that something other than a timer or an action moves. */
export abstract class WaitingRuns {
  /**
   * Looks again at goals and conditions of the runs of these accounts, after their facts were written. `besides`: caps
   * that the same transaction may use later; where any is locked now, they are locked with it.
   */
  abstract factsChanged(work: Work, accountIds: readonly string[], besides?: readonly CapKey[]): Promise<void>
  /** Lets runs that were held go on, by timers; null: of all playbooks. Call it when a pause ends. */
  abstract resumed(work: Work, playbook: string | null): Promise<void>
}
