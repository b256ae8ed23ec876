// How the accounts compare, frozen once a day: so that a score follows from what was known, and can be explained later.
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import type { Day } from './day.ts'
import type { PeerMeasure } from './scorecard.ts'

/** Of n values: the distinct ones, ascending, and how many are not above each. */
const Distribution = Type.Object({ values: Type.Array(Type.Number()), upTo: Type.Array(Type.Number()) })
export type Distribution = Type.Static<typeof Distribution>

const Group = Type.Object({
  'active-user-share': Type.Optional(Distribution),
  frequency: Type.Optional(Distribution),
  breadth: Type.Optional(Distribution),
})
export type PeerGroup = Type.Static<typeof Group>

export const PeerTable = Type.Object({
  /** The first day that is scored by it. */
  day: Type.Integer(),
  accounts: Type.Integer(),
  /** Those of at least 30 values, by tenure and segment: `0-90/all`, `any/all`, `any`. */
  groups: Type.Record(Type.String(), Group),
  /** The mean rating of all accounts. */
  satisfaction: Type.Number(),
  /** How the use of all accounts changed: the median of ln((A+1)/(B+1)) of the drop detector, clipped. */
  usualChange: Type.Number(),
})
export type PeerTable = Type.Static<typeof PeerTable>

const compiled = Compile(PeerTable)

export const isPeerTable = (value: unknown): value is PeerTable => compiled.Check(value)

/** Fewer make no group. */
export const LEAST_PEERS = 30

/** Days since the first fact. */
export const tenureOf = (first: Day | null, asOf: Day): '0-90' | '91-365' | '366-' => {
  const days = first === null ? 0 : asOf - first
  return days <= 90 ? '0-90' : days <= 365 ? '91-365' : '366-'
}

/** The groups that an account belongs to, the narrowest first. */
export const groupsOf = (segment: string, first: Day | null, asOf: Day): readonly string[] => [
  `${tenureOf(first, asOf)}/${segment}`,
  `any/${segment}`,
  'any',
]

/** 100·F(x) among the narrowest of these groups that has enough values, mid-rank on ties; null without one. */
export const peerRank = (
  table: PeerTable | null,
  groups: readonly string[],
  measure: PeerMeasure,
  value: number,
): number | null => {
  for (const group of groups) {
    const among = table?.groups[group]?.[measure]
    if (among) return 100 * midRank(among, value)
  }
  return null
}

const midRank = ({ values, upTo }: Distribution, value: number): number => {
  let [low, high] = [0, values.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((values[middle] ?? 0) < value) low = middle + 1
    else high = middle
  }
  const below = upTo[low - 1] ?? 0
  const notAbove = values[low] === value ? (upTo[low] ?? below) : below
  return (below + notAbove) / 2 / (upTo.at(-1) ?? 1)
}
