import type { Band } from '@banso/contracts'
import { isHistory, type Change } from './change.ts'
import { durationMs } from './duration.ts'
import type { Playbook, PlaybookDocument, Trigger } from './playbook.ts'

export type HeldBackReason = 'history' | 'duplicate' | 'cool-down'

export type Decision =
  | { readonly kind: 'start' }
  /** Matched but did not run; `by` is the run that stood in the way. */
  | { readonly kind: 'held-back'; readonly reason: HeldBackReason; readonly by?: string }
  | { readonly kind: 'no-match' }

/** A run that was started for a change of this event time. */
export interface Start {
  readonly runId: string
  readonly occurredAt: Date
}

/** What is known of one dedupe key of a playbook before a change is decided. */
export interface KeyState {
  /** A run that has started and not finished. */
  readonly underWay: string | null
  /** Runs started for changes within the cool-down of those to decide. */
  readonly starts: readonly Start[]
}

const accepts = <T>(wanted: readonly T[] | undefined, value: T | null): boolean =>
  wanted === undefined || (value !== null && wanted.includes(value))

export const matches = (trigger: Trigger, change: Change): boolean => {
  if (trigger.on === 'band-changed') {
    if (change.on !== 'band-changed') return false
    return accepts<Band>(trigger.to, change.data.to.band) && accepts<Band>(trigger.from, change.data.from.band)
  }
  if (change.on !== 'score-moved' || Math.abs(change.data.movedBy) < trigger.by) return false
  return trigger.direction === undefined || trigger.direction === (change.data.movedBy < 0 ? 'down' : 'up')
}

/** What counts as the same occasion: `<account>` or `<account>/<band>`. */
export const dedupeKeyOf = ({ dedupe }: PlaybookDocument, change: Change): string =>
  dedupe === 'account' ? change.accountId : `${change.accountId}/${change.data.to.band ?? 'none'}`

export const coolDownMsOf = ({ coolDown }: PlaybookDocument): number =>
  coolDown === undefined ? 0 : (durationMs(coolDown) ?? 0)

/**
 * Whether a change starts a run. Times compared are event times, in both directions: a change that comes late is held
 * back by a run started for a later one just as the other way round.
 */
export const decide = ({ document }: Playbook, change: Change, state: KeyState): Decision => {
  if (!document.enabled || !matches(document.trigger, change)) return { kind: 'no-match' }
  if (isHistory(change)) return { kind: 'held-back', reason: 'history' }
  if (state.underWay !== null) return { kind: 'held-back', reason: 'duplicate', by: state.underWay }
  const coolDown = coolDownMsOf(document)
  const recent = state.starts.find(
    ({ occurredAt }) => Math.abs(change.time.getTime() - occurredAt.getTime()) < coolDown,
  )
  return recent === undefined ? { kind: 'start' } : { kind: 'held-back', reason: 'cool-down', by: recent.runId }
}

/** The state after a run was started. */
export const started = (state: KeyState, start: Start): KeyState => ({
  underWay: start.runId,
  starts: [...state.starts, start],
})
