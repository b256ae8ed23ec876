// When a rule came to hold for an account.
import type { Facts, Finding, Track } from './facts.ts'
import { type JourneySpec, keyOf, milestonesOf, type Rule } from './journey.ts'
import type { Reached } from './state.ts'

type ReachedByName = Readonly<Record<string, Reached>>

/** `standing`: it may hold already; `turning`: it must come to hold later than that. */
export type Since = { readonly at: string; readonly how: 'standing' | 'turning' }

/** The first time from `since` on at which a rule that is asked day by day held. */
export const findOnTrack = (track: Track, { at, how }: Since): Finding | null => {
  const standing = track.findLast((turn) => turn.at <= at)
  if (how === 'standing' && standing?.met) return { ...standing.finding, at }
  for (const turn of track) if (turn.met && turn.at > at) return turn.finding
  return null
}

/** When a rule held from `since` on; null: it has not. What is reached once is not reached later again. */
export const find = (rule: Rule, facts: Facts, reached: ReachedByName, since: Since): Finding | null => {
  const found = findIn(rule, facts, reached, since)
  return found !== null && found.at < since.at ? { ...found, at: since.at } : found
}

const findIn = (rule: Rule, facts: Facts, reached: ReachedByName, since: Since): Finding | null => {
  if ('activation' in rule) return facts.usage.reached[keyOf(rule)] ?? null
  if ('milestones' in rule) return together(rule.milestones.map((name) => reached[name]))
  return findOnTrack(facts.tracks[keyOf(rule)] ?? [], since)
}

// The last of them decides.
const together = (findings: readonly (Finding | undefined)[]): Finding | null => {
  const all = findings.filter((finding) => finding !== undefined)
  if (all.length < findings.length) return null
  const newestFirst = all.toSorted((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1))
  const [last] = newestFirst
  if (last === undefined) return null
  return {
    at: last.at,
    reason: newestFirst.map(({ reason }) => reason).join('; '),
    values: Object.fromEntries(newestFirst.toReversed().flatMap(({ values }) => Object.entries(values))),
    evidence: [...new Set(newestFirst.flatMap(({ evidence }) => evidence))].slice(0, 20),
  }
}

/** All milestones of a journey that are reached. */
export const findMilestones = (spec: JourneySpec, facts: Facts, start: string): ReachedByName => {
  const reached: Record<string, Reached> = {}
  const milestones = milestonesOf(spec)
  for (const { name } of milestones.filter(({ when }) => when === undefined)) {
    const finding = facts.manual[name]
    if (finding) reached[name] = { ...finding, how: 'manual' }
  }
  // Those that consist of others come last.
  const rest = milestones.flatMap(({ name, when }) => (when ? [{ name, when }] : []))
  for (const { name, when } of rest.toSorted(
    (a, b) => Number('milestones' in a.when) - Number('milestones' in b.when),
  )) {
    const finding = find(when, facts, reached, { at: start, how: 'standing' })
    if (finding) reached[name] = { ...finding, how: 'automatic' }
  }
  return reached
}
