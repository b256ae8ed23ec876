import { ActivitySeries } from './activity-series.ts'
import type { Day } from './calendar.ts'
import { useChange, usualChange } from './drop.ts'
import type { Facts } from './measures.ts'
import { type Distribution, groupsOf, LEAST_PEERS, type PeerGroup, type PeerTable } from './peers.ts'
import { meanSatisfaction, type Ratings } from './ratings.ts'
import { peerMeasures, type PeerMeasure } from './scorecard.ts'

/** What an account adds to the peer table. */
export interface PeerValues {
  readonly groups: readonly string[]
  readonly values: Readonly<Partial<Record<PeerMeasure, number>>>
  readonly ratings: Ratings | null
  /** Null as long as the drop detector does not judge it. */
  readonly change: number | null
}

const MOST_POINTS = 1_000

/** What an account's facts, as of a whole day, say to the others. */
export const peerValuesOf = ({ activity, connected, ratings, seats, segment }: Facts, asOf: Day): PeerValues => {
  const series = activity && activity.first <= asOf ? new ActivitySeries(activity) : null
  const groups = groupsOf(segment, series && series.first, asOf)
  if (!connected.usage) return { groups, values: {}, ratings, change: null }
  const users = series?.users(asOf) ?? 0
  const values = {
    frequency: series?.activeDays(asOf) ?? 0,
    breadth: series?.trackNames(asOf) ?? 0,
    ...(seats !== null && { 'active-user-share': users / seats }),
  }
  return { groups, values, ratings, change: series && (useChange(series, asOf)?.change ?? null) }
}

/** The table by which `day` is scored, of all accounts as they were at the end of the day before. */
export const freezePeers = (day: Day, accounts: readonly PeerValues[]): PeerTable => {
  const found = new Map<string, Map<PeerMeasure, number[]>>()
  for (const { groups, values } of accounts) {
    for (const group of groups) {
      const measures = found.get(group) ?? new Map<PeerMeasure, number[]>()
      found.set(group, measures)
      for (const measure of peerMeasures) {
        const value = values[measure]
        if (value === undefined) continue
        const all = measures.get(measure)
        if (all) all.push(value)
        else measures.set(measure, [value])
      }
    }
  }
  const groups = [...found].map(([group, measures]) => [group, groupOf(measures)] as const)
  return {
    day,
    accounts: accounts.length,
    groups: Object.fromEntries(groups.filter(([, group]) => Object.keys(group).length > 0)),
    satisfaction: meanSatisfaction(
      accounts.map(({ ratings }) => ratings),
      day - 1,
    ),
    usualChange: usualChange(accounts.flatMap(({ change }) => (change === null ? [] : [change]))),
  }
}

const groupOf = (measures: ReadonlyMap<PeerMeasure, readonly number[]>): PeerGroup =>
  Object.fromEntries(
    [...measures].flatMap(([measure, values]) =>
      values.length < LEAST_PEERS ? [] : [[measure, distributionOf(values)] as const],
    ),
  )

/** Exact up to a thousand distinct values; of more, a thousand quantiles. */
export const distributionOf = (values: readonly number[]): Distribution => {
  const sorted = Float64Array.from(values).toSorted()
  const exact = distinctOf(
    sorted,
    [...sorted.keys()].map((place) => place + 1),
  )
  if (exact.values.length <= MOST_POINTS) return exact
  const ends = Array.from({ length: MOST_POINTS }, (_, bin) => Math.round(((bin + 1) * sorted.length) / MOST_POINTS))
  const middles = ends.map((end, bin) => sorted[Math.floor(((ends[bin - 1] ?? 0) + end - 1) / 2)] ?? 0)
  return distinctOf(middles, ends)
}

const distinctOf = (sorted: ArrayLike<number>, upTo: readonly number[]): Distribution => {
  const found: Distribution = { values: [], upTo: [] }
  for (let at = 0; at < sorted.length; at += 1) {
    if (sorted[at] !== sorted[at + 1]) {
      found.values.push(sorted[at] ?? 0)
      found.upTo.push(upTo[at] ?? 0)
    }
  }
  return found
}
