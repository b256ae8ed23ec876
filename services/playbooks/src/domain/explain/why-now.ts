import { type AccountFacts, type TriggerFact, triggerFact, type Verdict } from '@banso/conditions'
import { begin } from '../advance.ts'
import { coolDownMsOf, dedupeKeyOf, type KeyState } from '../decide.ts'
import type { PlaybookDocument } from '../document.ts'
import type { LocalTime } from '../local-time.ts'
import { matches, presentState } from '../matches.ts'
import type { Occasion } from '../occasion.ts'
import type { Playbook } from '../playbook.ts'
import { holds } from '../program.ts'
import { nextDue } from '../schedule/due.ts'

/** What would hold a run back if the trigger came now, and what it goes by. */
export type HeldNow =
  | { readonly reason: 'paused'; readonly all: boolean }
  | { readonly reason: 'observe' | 'first-score' }
  | { readonly reason: 'duplicate'; readonly by: string }
  | { readonly reason: 'cool-down'; readonly by: string; readonly until: string }
  | { readonly reason: 'serious-ticket'; readonly serious: number }
  | { readonly reason: 'daily-cap'; readonly step: string; readonly cap: number; readonly used: number }

export interface TestedNow {
  readonly source: string
  /** `occasion-tells`: it asks for what only the occasion itself will say. */
  readonly verdict: 'met' | 'not-met' | 'undecided' | 'occasion-tells'
  /** Why it cannot be decided. */
  readonly undecided?: string
  /** The facts that it read, with their values. */
  readonly used: Readonly<Record<string, unknown>>
}

export interface WhyNow {
  /**
   * `would-run`: with the next occasion; `held-back`: by `held`; `not-concerned`: audience or condition do not hold;
   * `disabled`: it is switched off.
   */
  readonly outcome: 'would-run' | 'held-back' | 'not-concerned' | 'disabled'
  /** The account is already as the trigger says: a run starts when it comes to be so again. */
  readonly alreadyThere: boolean
  /** Of a schedule: when it comes next. */
  readonly nextDueAt: string | null
  readonly audience: TestedNow | null
  readonly condition: TestedNow | null
  readonly held: readonly HeldNow[]
}

/** An occasion as it could come now. */
export interface Imagined {
  readonly trigger: TriggerFact
  /** What the trigger would say is known: the account is as it says, or it is a schedule. */
  readonly known: boolean
  readonly alreadyThere: boolean
  readonly dedupeKey: string
  readonly nextDueAt: Date | null
}

export interface Present {
  readonly playbook: Playbook
  readonly facts: AccountFacts
  readonly now: Date
  readonly local: LocalTime
  readonly pausedBy: 'none' | 'itself' | 'all'
  readonly mode: 'observe' | 'active'
  readonly state: KeyState
  /** Uses of today by step. */
  readonly used: ReadonlyMap<string, number>
}

const occasionOf = (trigger: TriggerFact, accountId: string, time: Date): Occasion => ({
  id: 'imagined',
  eventType: 'imagined',
  on: trigger.type,
  time,
  accountId,
  history: false,
  firstScore: false,
  trigger,
  values: {},
  evidence: [],
})

/** What the trigger would say if it came now, as far as the account's state tells. */
export const imagined = (document: PlaybookDocument, facts: AccountFacts, now: Date, local: LocalTime): Imagined => {
  const { trigger } = document
  const at = trigger.on === 'schedule' ? nextDue(trigger, now, local) : now
  const there = presentState(trigger, facts, now).find((said) =>
    matches(trigger, occasionOf(said, facts.account.id, now)),
  )
  const said = there ?? triggerFact(trigger.on, at)
  return {
    trigger: said,
    known: there !== undefined || trigger.on === 'schedule',
    alreadyThere: there !== undefined,
    dedupeKey: dedupeKeyOf(document, occasionOf(said, facts.account.id, now)),
    nextDueAt: trigger.on === 'schedule' ? at : null,
  }
}

const tested = (source: string | undefined, verdict: Verdict | undefined): TestedNow | null => {
  if (source === undefined || verdict === undefined) return null
  const { used } = verdict
  if (verdict.kind === 'undecided') return { source, verdict: 'undecided', undecided: verdict.reason, used }
  return { source, verdict: holds(verdict) ? 'met' : 'not-met', used }
}

const heldByRuns = ({ playbook, state, now }: Present): HeldNow[] => {
  if (state.underWay !== null) return [{ reason: 'duplicate', by: state.underWay }]
  const coolDown = coolDownMsOf(playbook.document)
  const [newest] = state.starts.toSorted((a, b) => b.occurredAt.getTime() - a.occurredAt.getTime())
  const until = newest === undefined ? 0 : newest.occurredAt.getTime() + coolDown
  if (newest === undefined || until <= now.getTime()) return []
  return [{ reason: 'cool-down', by: newest.runId, until: new Date(until).toISOString() }]
}

const heldByCap = ({ playbook: { program }, facts, now, local, used }: Present): HeldNow[] => {
  const usedToday = (step: string): number => used.get(step) ?? 0
  const capReached = (step: string): boolean => usedToday(step) >= (program.caps.get(step) ?? Number.POSITIVE_INFINITY)
  // Without its serious tickets, which are told of themselves and stand before the cap.
  const calm = { ...program, selling: false }
  const { state } = begin({ program: calm, now, local, facts, paused: false, capReached })
  if (state.status !== 'running' || state.waiting.for !== 'cap') return []
  const { step } = state
  return [{ reason: 'daily-cap', step, cap: program.caps.get(step) ?? 0, used: usedToday(step) }]
}

const heldByFirstScore = ({ playbook: { document }, facts }: Present): HeldNow[] => {
  const { trigger } = document
  const neverScored = facts.health.score === null && facts.health.coverage === 0
  return trigger.on === 'band-changed' && trigger.firstScore !== true && neverScored ? [{ reason: 'first-score' }] : []
}

const heldNow = (present: Present): HeldNow[] => {
  const { playbook, facts, mode, pausedBy } = present
  const { serious } = facts.tickets
  return [
    ...heldByFirstScore(present),
    ...heldByRuns(present),
    ...(playbook.document.selling && serious > 0 ? [{ reason: 'serious-ticket' as const, serious }] : []),
    ...heldByCap(present),
    ...(mode === 'observe' ? [{ reason: 'observe' as const }] : []),
    ...(pausedBy === 'none' ? [] : [{ reason: 'paused' as const, all: pausedBy === 'all' }]),
  ]
}

const conditionNow = ({ playbook, facts }: Present, { trigger, known }: Imagined): TestedNow | null => {
  const test = tested(playbook.document.condition, playbook.condition?.({ ...facts, trigger }))
  const asksTrigger = Object.keys(test?.used ?? {}).some((path) => path === 'trigger' || path.startsWith('trigger.'))
  return test !== null && asksTrigger && !known ? { ...test, verdict: 'occasion-tells' } : test
}

const speaksAgainst = (test: TestedNow | null): boolean => test?.verdict === 'not-met' || test?.verdict === 'undecided'

/** Whether a playbook would run for an account if its trigger came now, and everything that stands in the way. */
export const whyNow = (present: Present): WhyNow => {
  const { playbook, facts, now, local } = present
  const { document } = playbook
  const occasion = imagined(document, facts, now, local)
  const audience = tested(document.audience, playbook.audience?.(facts))
  const condition = conditionNow(present, occasion)
  const held = heldNow(present)
  const nextDueAt = occasion.nextDueAt?.toISOString() ?? null
  const told = { alreadyThere: occasion.alreadyThere, nextDueAt, audience, condition, held }
  if (!document.enabled) return { outcome: 'disabled', ...told }
  if ([audience, condition].some(speaksAgainst)) return { outcome: 'not-concerned', ...told }
  return { outcome: held.length > 0 ? 'held-back' : 'would-run', ...told }
}
