// What there is to tell between two states of an account.
import type { JourneyFlag, Pace } from '@banso/contracts'
import type { Finding } from './facts.ts'
import { type Entry, type JourneyState, type Pacing, presentOf, type Reached, type Underway } from './state.ts'

interface Told extends Finding {
  /** The stage that the account is in after it. */
  readonly stage: string
}

export type Progress =
  | (Told & { readonly type: 'stage-entered'; readonly from: string | null; readonly direction: Entry['direction'] })
  | (Told & { readonly type: 'milestone-reached'; readonly milestone: string; readonly how: Reached['how'] })
  | (Told & {
      readonly type: 'pace-changed'
      readonly milestone: string | null
      readonly from: Pace
      readonly to: Pace
    })
  /** `first`: it was there from the first score on, or a measure that is new for everybody did it. */
  | (Told & { readonly type: 'flag-raised'; readonly flag: JourneyFlag; readonly first: boolean })
  | (Told & { readonly type: 'flag-cleared'; readonly flag: JourneyFlag; readonly first: boolean })

/** In the order in which it came to be: milestones, stages, pace, flags. `order`: the stages as the journey has them. */
export const decide = (before: JourneyState, after: JourneyState, order: readonly string[]): Progress[] => {
  if (after.status === 'waiting') return []
  const was = before.status === 'waiting' ? null : before
  return [...stagesAndMilestones(was, after, order), ...paces(was, after), ...flags(was, after)]
}

const stagesAndMilestones = (was: Underway | null, after: Underway, order: readonly string[]): Progress[] => {
  const milestones = Object.entries(after.reached)
    .filter(([name]) => was?.reached[name] === undefined)
    .map(([milestone, { how, ...finding }]) => ({ milestone, how, finding }))
    .toSorted((a, b) => (a.finding.at === b.finding.at ? 0 : a.finding.at < b.finding.at ? -1 : 1))
  const entered = newEntries(was, after, order)
  const from = was ? presentOf(was).stage : (entered[0]?.stage ?? presentOf(after).stage)
  const stageAt = (at: string): string => entered.findLast((entry) => entry.at < at)?.stage ?? from
  const told = [
    ...milestones.map(({ milestone, how, finding }): Progress => ({
      type: 'milestone-reached',
      stage: stageAt(finding.at),
      milestone,
      how,
      ...finding,
    })),
    ...entered.map((entry): Progress => ({ type: 'stage-entered', ...entry })),
  ]
  // What leads to a stage comes before it; what begins the journey before anything.
  const rank = (progress: Progress): number =>
    progress.type === 'stage-entered' ? (progress.direction === 'first' ? 0 : 2) : 1
  return told.toSorted((a, b) => (a.at === b.at ? rank(a) - rank(b) : a.at < b.at ? -1 : 1))
}

// What came in late may say otherwise of stages that were told: then only the present one is told, as what it is now.
const newEntries = (was: Underway | null, after: Underway, order: readonly string[]): Entry[] => {
  if (was === null) return [...after.entries]
  const known = was.entries.map(({ stage }) => stage)
  const now = after.entries.map(({ stage }) => stage)
  if (known.every((stage, index) => stage === now[index])) return after.entries.slice(known.length)
  const [from, present] = [presentOf(was).stage, presentOf(after)]
  if (from === present.stage) return []
  const direction = order.indexOf(present.stage) > order.indexOf(from) ? 'forward' : 'back'
  return [{ ...present, from, direction, reason: `what is known by now says so: ${present.reason}` }]
}

const paces = (was: Underway | null, after: Underway): Progress[] => {
  const { stage, at } = presentOf(after)
  const moved = was === null || presentOf(was).stage !== stage || was.entries.length !== after.entries.length
  const change = (milestone: string | null, before: Pacing | undefined, now: Pacing): Progress[] => {
    const from = (moved ? undefined : before?.pace) ?? 'on-track'
    if (from === now.pace) return []
    const { pace: to, reason, values } = now
    return [{ type: 'pace-changed', stage, milestone, from, to, at: now.at ?? at, reason, values, evidence: [] }]
  }
  return [
    ...change(null, was?.pace, after.pace),
    ...Object.entries(after.paces).flatMap(([milestone, now]) => change(milestone, was?.paces[milestone], now)),
  ]
}

const FLAGS = ['stalled', 'dormant', 'at-risk'] as const

const flags = (was: Underway | null, after: Underway): Progress[] => {
  const { stage } = presentOf(after)
  return FLAGS.flatMap((flag): Progress[] => {
    const { raised, first = false, ...flagged } = after.flags[flag]
    if (raised === (was?.flags[flag].raised ?? false)) return []
    return [{ type: raised ? 'flag-raised' : 'flag-cleared', first, stage, flag, ...flagged, evidence: [] }]
  })
}
