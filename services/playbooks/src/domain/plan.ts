import type { Change } from './change.ts'
import { coolDownMsOf, decide, type Decision, dedupeKeyOf, type KeyState, matches, started } from './decide.ts'
import type { Playbook } from './playbook.ts'
import { runIdOf } from './run.ts'

/** A change that a playbook's trigger matches. */
export interface Match {
  readonly runId: string
  readonly playbook: Playbook
  readonly change: Change
  readonly dedupeKey: string
  /** Of the dedupe key among those of all playbooks. */
  readonly key: string
}

export interface Decided extends Match {
  readonly decision: Exclude<Decision, { kind: 'no-match' }>
}

const matchOf = (playbook: Playbook, change: Change): Match => {
  const dedupeKey = dedupeKeyOf(playbook.document, change)
  return {
    runId: runIdOf(playbook.name, change.id),
    playbook,
    change,
    dedupeKey,
    key: `${playbook.name} ${dedupeKey}`,
  }
}

/** What matches, by event time; a change named twice matches once. */
export const matchesAmong = (playbooks: readonly Playbook[], changes: readonly Change[]): Match[] => {
  const found = changes.flatMap((change) =>
    playbooks.filter(({ document }) => matches(document.trigger, change)).map((playbook) => matchOf(playbook, change)),
  )
  const once = new Map(found.map((match) => [match.runId, match]))
  return [...once.values()].toSorted(
    (a, b) => a.change.time.getTime() - b.change.time.getTime() || (a.runId < b.runId ? -1 : 1),
  )
}

/** One dedupe key of a playbook, and the event times between which earlier starts matter (both exclusive). */
export interface KeyWindow {
  readonly key: string
  readonly playbook: string
  readonly dedupeKey: string
  readonly after: Date
  readonly before: Date
}

const windowOf = ({ key, playbook, dedupeKey, change }: Match): KeyWindow => {
  const at = change.time.getTime()
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

/** Decides matches in their order, each knowing what those before it started. `states` is by key. */
export const decideAll = (inOrder: readonly Match[], states: ReadonlyMap<string, KeyState>): Decided[] => {
  const known = new Map(states)
  return inOrder.flatMap((match) => {
    const state = known.get(match.key) ?? { underWay: null, starts: [] }
    const decision = decide(match.playbook, match.change, state)
    if (decision.kind === 'no-match') return []
    if (decision.kind === 'start')
      known.set(match.key, started(state, { runId: match.runId, occurredAt: match.change.time }))
    return [{ ...match, decision }]
  })
}
