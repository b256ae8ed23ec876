import type { AccountFacts } from '@banso/conditions'
import { type CapBudget, cappedIn } from './cap-budget.ts'
import {
  type Circumstances,
  coolDownMsOf,
  decide,
  decided,
  type Decision,
  dedupeKeyOf,
  type KeyState,
  type Standing,
} from './decide.ts'
import { matches } from './matches.ts'
import type { Occasion } from './occasion.ts'
import type { Playbook } from './playbook.ts'
import { holds } from './program.ts'
import { runIdOf } from './run-id.ts'

/** An occasion that is what a playbook's trigger waits for. */
export interface Match {
  readonly runId: string
  readonly playbook: Playbook
  readonly occasion: Occasion
  readonly dedupeKey: string
  /** Of the dedupe key among those of all playbooks. */
  readonly key: string
}

/** A match whose condition and audience hold. */
export interface Qualified extends Match {
  /** The facts that they went by. */
  readonly used: Readonly<Record<string, unknown>>
}

export interface Decided extends Qualified {
  readonly decision: Decision
}

const matchOf = (playbook: Playbook, occasion: Occasion): Match => {
  const dedupeKey = dedupeKeyOf(playbook.document, occasion)
  return {
    runId: runIdOf(playbook.name, occasion.id),
    playbook,
    occasion,
    dedupeKey,
    key: `${playbook.name} ${dedupeKey}`,
  }
}

const concerns = ({ name, document }: Playbook, occasion: Occasion): boolean =>
  document.enabled &&
  (occasion.playbook === undefined || occasion.playbook === name) &&
  (document.trigger.on !== 'schedule' || occasion.playbook === name) &&
  matches(document.trigger, occasion)

/** What matches, by event time; an occasion named twice matches once. */
export const matchesAmong = (playbooks: readonly Playbook[], occasions: readonly Occasion[]): Match[] => {
  const found = occasions.flatMap((occasion) =>
    playbooks.filter((playbook) => concerns(playbook, occasion)).map((playbook) => matchOf(playbook, occasion)),
  )
  const once = new Map(found.map((match) => [match.runId, match]))
  return [...once.values()].toSorted(
    (a, b) => a.occasion.time.getTime() - b.occasion.time.getTime() || (a.runId < b.runId ? -1 : 1),
  )
}

/** The matches whose condition and audience hold. */
export const qualified = (found: readonly Match[], facts: ReadonlyMap<string, AccountFacts>): Qualified[] =>
  found.flatMap((match) => {
    const { playbook, occasion } = match
    const { condition, audience } = playbook
    const known = facts.get(occasion.accountId)
    if (known === undefined) return []
    const verdicts = [audience?.(known), condition?.({ ...known, trigger: occasion.trigger })].filter(
      (verdict) => verdict !== undefined,
    )
    if (!verdicts.every(holds)) return []
    return [{ ...match, used: Object.fromEntries(verdicts.flatMap(({ used }) => Object.entries(used))) }]
  })

/** One dedupe key of a playbook, and the event times between which earlier starts matter (both exclusive). */
export interface KeyWindow {
  readonly key: string
  readonly playbook: string
  readonly dedupeKey: string
  readonly after: Date
  readonly before: Date
}

const windowOf = ({ key, playbook, dedupeKey, occasion }: Match): KeyWindow => {
  const at = occasion.time.getTime()
  const coolDown = coolDownMsOf(playbook.document)
  const [after, before] = [new Date(at - coolDown), new Date(at + coolDown)]
  return { key, playbook: playbook.name, dedupeKey, after, before }
}

/** One window per key, wide enough for all its matches. */
export const windowsOf = (found: readonly Match[]): KeyWindow[] => {
  const windows = new Map<string, KeyWindow>()
  for (const match of found) {
    const own = windowOf(match)
    const { after, before } = windows.get(match.key) ?? own
    windows.set(match.key, {
      ...own,
      after: own.after < after ? own.after : after,
      before: own.before > before ? own.before : before,
    })
  }
  return [...windows.values()]
}

/** What deciding a batch goes by. */
export interface Known {
  /** By key. */
  readonly states: ReadonlyMap<string, KeyState>
  /** By playbook. */
  readonly standings: ReadonlyMap<string, Standing>
  readonly budget: CapBudget
  circumstances(match: Match, standing: Standing): Circumstances
}

const NOTHING: KeyState = { underWay: null, starts: [] }

/** Decides matches in their order, each knowing what those before it started and used. */
export const decideAll = (inOrder: readonly Qualified[], known: Known): Decided[] => {
  const states = new Map(known.states)
  return inOrder.flatMap((match) => {
    const { playbook, occasion, runId, key } = match
    const standing = known.standings.get(playbook.name)
    if (standing === undefined) return []
    const state = states.get(key) ?? NOTHING
    const decision = decide(playbook.document, occasion, state, known.circumstances(match, standing))
    states.set(key, decided(state, decision, { runId, occurredAt: occasion.time }))
    if (decision.kind === 'start')
      for (const cap of cappedIn(playbook, decision.begun.outputs, known.budget.day)) known.budget.take(cap)
    return [{ ...match, decision }]
  })
}
