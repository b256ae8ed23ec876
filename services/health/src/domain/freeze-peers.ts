import { ActivitySeries } from './activity-series.ts'
import type { Day } from './day.ts'
import { useChange, usualChange } from './drop.ts'
import type { Facts } from './measures.ts'
import { type Distribution, groupsOf, LEAST_PEERS, type PeerTable } from './peers.ts'
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
  // An account whose first use came later was not there to be silent.
  if (!connected.usage || (activity && !series)) return { groups, values: {}, ratings, change: null }
  const users = series?.users(asOf) ?? 0
  const values = {
    frequency: series?.activeDays(asOf) ?? 0,
    breadth: series?.trackNames(asOf) ?? 0,
    ...(seats !== null && { 'active-user-share': users / seats }),
  }
  return { groups, values, ratings, change: series && (useChange(series, asOf)?.change ?? null) }
}

/** How many accounts have a value. */
type Counts = Map<number, number>

/** The table by which `day` is scored, of all accounts as they were at the end of the day before. */
export const freezePeers = (day: Day, accounts: readonly PeerValues[]): PeerTable => {
  const groups = Map.groupBy(
    peerMeasures.flatMap((measure) => countsOf(measure, accounts)),
    ({ group }) => group,
  )
  return {
    day,
    accounts: accounts.length,
    groups: Object.fromEntries(
      [...groups].map(([group, found]) => [
        group,
        Object.fromEntries(found.map(({ measure, counts }) => [measure, distributionOf(counts)])),
      ]),
    ),
    satisfaction: meanSatisfaction(
      accounts.map(({ ratings }) => ratings),
      day - 1,
    ),
    usualChange: usualChange(accounts.flatMap(({ change }) => (change === null ? [] : [change]))),
  }
}

interface GroupCounts {
  readonly group: string
  readonly measure: PeerMeasure
  readonly counts: Counts
}

// Of the groups that are large enough.
const countsOf = (measure: PeerMeasure, accounts: readonly PeerValues[]): GroupCounts[] => {
  const found = new Map<string, Counts>()
  for (const { groups, values } of accounts) {
    const value = values[measure]
    if (value === undefined) continue
    for (const group of groups) {
      const counts: Counts = found.get(group) ?? new Map()
      found.set(group, counts.set(value, (counts.get(value) ?? 0) + 1))
    }
  }
  return [...found]
    .filter(([, counts]) => sizeOf(counts) >= LEAST_PEERS)
    .map(([group, counts]) => ({ group, measure, counts }))
}

const sizeOf = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

/** Exact up to a thousand distinct values; of more, the thousand by which another thousandth of all is reached. */
const distributionOf = (counts: Counts): Distribution => {
  const size = sizeOf(counts)
  const pointOf = (upTo: number): number =>
    counts.size <= MOST_POINTS ? upTo : Math.floor((upTo * MOST_POINTS) / size)
  const found: Distribution = { values: [], upTo: [] }
  let upTo = 0
  for (const [value, count] of [...counts].toSorted(([a], [b]) => a - b)) {
    const before = upTo
    upTo += count
    if (pointOf(upTo) === pointOf(before)) continue
    found.values.push(value)
    found.upTo.push(upTo)
  }
  return found
}
