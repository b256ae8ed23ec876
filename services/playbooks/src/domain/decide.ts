import type { HeldBackReason } from '@banso/contracts'
import type { Advanced } from './advance.ts'
import { durationMs } from './duration.ts'
import type { PlaybookDocument } from './document.ts'
import type { Occasion } from './occasion.ts'

export type Decision =
  /** `begun`: the run after its first step. */
  | { readonly kind: 'start'; readonly begun: Advanced }
  /** Matched but did not run; `by` is the run that stood in the way. */
  | { readonly kind: 'held-back'; readonly reason: HeldBackReason; readonly by?: string }

/** A run that was started, or in `observe` would have been, for an occasion of this event time. */
export interface Start {
  readonly runId: string
  readonly occurredAt: Date
}

/** What is known of one dedupe key of a playbook before an occasion is decided. */
export interface KeyState {
  /** A run that has started and not finished. */
  readonly underWay: string | null
  /** Runs started for occasions within the cool-down of those to decide. */
  readonly starts: readonly Start[]
}

/** How a playbook stands: its document with what people said beside it. */
export interface Standing {
  readonly mode: 'observe' | 'active'
  readonly paused: boolean
  /** When it was active first; null: never yet. */
  readonly activeSince: Date | null
}

/** What is asked of the account and of the playbook besides the occasion. */
export interface Circumstances extends Standing {
  readonly seriousTicket: boolean
  /** What the run would be after its first step. */
  begin(): Advanced
}

/** What counts as the same occasion: `<account>`, with what the document names behind it. Ids of tickets come from outside: as JSON they have no NUL. */
export const dedupeKeyOf = ({ dedupe }: PlaybookDocument, { accountId, trigger }: Occasion): string => {
  switch (dedupe) {
    case 'account':
      return accountId
    case 'account-and-band':
      return `${accountId}/${trigger.to ?? 'none'}`
    case 'account-and-stage':
      return `${accountId}/${trigger.stage ?? 'none'}`
    case 'ticket':
      return `${accountId}/${JSON.stringify([trigger.source, trigger.ticketId])}`
    default:
      return dedupe satisfies never
  }
}

export const coolDownMsOf = ({ coolDown }: PlaybookDocument): number =>
  coolDown === undefined ? 0 : (durationMs(coolDown) ?? 0)

const acceptsFirstScore = ({ trigger }: PlaybookDocument): boolean =>
  trigger.on === 'band-changed' && trigger.firstScore === true

const beforeActivation = (document: PlaybookDocument, { time }: Occasion, { activeSince }: Standing): boolean =>
  document.firstActivation === 'new-only' && activeSince !== null && time < activeSince

/** Times compared are event times, in both directions: what comes late is held back by a run started for what was later. */
const heldBackByKey = (document: PlaybookDocument, { time }: Occasion, state: KeyState): Decision | null => {
  if (state.underWay !== null) return { kind: 'held-back', reason: 'duplicate', by: state.underWay }
  const coolDown = coolDownMsOf(document)
  const recent = state.starts.find(({ occurredAt }) => Math.abs(time.getTime() - occurredAt.getTime()) < coolDown)
  return recent === undefined ? null : { kind: 'held-back', reason: 'cool-down', by: recent.runId }
}

const heldBack = (reason: HeldBackReason): Decision => ({ kind: 'held-back', reason })

/** Whether an occasion that matches starts a run; the first reason against it is the one that is kept. */
export const decide = (
  document: PlaybookDocument,
  occasion: Occasion,
  state: KeyState,
  circumstances: Circumstances,
): Decision => {
  if (occasion.history) return heldBack('history')
  if (occasion.firstScore && !acceptsFirstScore(document)) return heldBack('first-score')
  const byKey = heldBackByKey(document, occasion, state)
  if (byKey !== null) return byKey
  if (beforeActivation(document, occasion, circumstances)) return heldBack('first-activation')
  if (document.selling && circumstances.seriousTicket) return heldBack('serious-ticket')
  const begun = circumstances.begin()
  if (begun.state.status === 'running' && begun.state.waiting.for === 'cap') return heldBack('daily-cap')
  if (circumstances.mode === 'observe') return heldBack('observe')
  return circumstances.paused ? heldBack('paused') : { kind: 'start', begun }
}

/** The state after a decision: a run that would have started counts for the cool-down, and is not under way. */
export const decided = (state: KeyState, decision: Decision, start: Start): KeyState => {
  if (decision.kind === 'held-back' && decision.reason !== 'observe') return state
  const underWay = decision.kind === 'start' && decision.begun.state.status === 'running' ? start.runId : state.underWay
  return { underWay, starts: [...state.starts, start] }
}
