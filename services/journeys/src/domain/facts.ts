// What is known of an account, folded so that order, repeats and chunks make no difference.
import type { Band } from '@banso/contracts'
import type { Day, Days } from './day.ts'

/** An event of which we heard. Times are ISO 8601 in UTC with milliseconds: they compare as texts. */
export interface Heard {
  readonly id: string
  readonly at: string
  readonly receivedAt: string
}

export interface UsageFacts {
  readonly first: Heard | null
  /** The first event of the last day of use: most events of a day change nothing. */
  readonly last: Heard | null
  /** By key of each activation rule of the account's journey. */
  readonly reached: Readonly<Record<string, Finding>>
}

/** Why and since when a rule holds. */
export interface Finding {
  readonly at: string
  readonly reason: string
  readonly values: Readonly<Record<string, unknown>>
  /** Event ids, the newest first, at most 20. */
  readonly evidence: readonly string[]
}

/** What the account's profile says. */
export interface ObservedFacts {
  readonly firstAt: string
  readonly newest: Heard
}

/** From this day on a rule holds, or holds no longer. */
export type Turn = { readonly day: Day; readonly at: string } & (
  | { readonly met: true; readonly finding: Finding }
  | { readonly met: false }
)

/** Turns of a rule that is asked day by day, in their order, the first one to `met`. */
export type Track = readonly Turn[]

export interface HealthFacts {
  readonly band: Band | null
  readonly score: number | null
  readonly scoredAt: string
  /** Every band that it had so far, as it is measured now, was red. */
  readonly alwaysRed?: boolean
  /** Since when it is measured as it is now, where a measure was new for everybody then; `neverRed`: and no band was red. */
  readonly anew?: { readonly day: string; readonly neverRed: boolean }
}

/** A band as it was published. */
export interface Banded {
  readonly band: Band | null
  /** The last time that a measure was new for everybody, and the band by that alone; null: never. */
  readonly measuredAnew: { readonly day: string; readonly band: Band | null } | null
}

/** Which bands it had as it is measured now, after further ones, in whatever order and chunks they come. */
export const measuredNow = (
  before: HealthFacts | null,
  scores: readonly Banded[],
): Pick<HealthFacts, 'alwaysRed' | 'anew'> => {
  const days = [before?.anew?.day ?? '', ...scores.map(({ measuredAnew }) => measuredAnew?.day ?? '')]
  const day = days.reduce((latest, each) => (each > latest ? each : latest))
  const known = (before?.anew?.day ?? '') === day ? before : null
  const bands = scores
    .filter(({ measuredAnew }) => (measuredAnew?.day ?? '') === day)
    .flatMap(({ band, measuredAnew }) => [band, measuredAnew?.band ?? null])
  const alwaysRed =
    (known === null || (known.alwaysRed ?? known.band === null)) &&
    bands.every((band) => band === null || band === 'red')
  if (day === '') return { alwaysRed }
  return { alwaysRed, anew: { day, neverRed: (known?.anew?.neverRed ?? true) && !bands.includes('red') } }
}

export interface Facts {
  readonly usage: UsageFacts
  readonly observed: ObservedFacts | null
  readonly health: HealthFacts | null
  /** By key of each rule that is asked day by day. */
  readonly tracks: Readonly<Record<string, Track>>
  /** What people said, by milestone. */
  readonly manual: Readonly<Record<string, Finding>>
}

export const NO_USE: UsageFacts = { first: null, last: null, reached: {} }

export const NO_FACTS: Facts = { usage: NO_USE, observed: null, health: null, tracks: {}, manual: {} }

const isBefore = (a: Heard, b: Heard): boolean => (a.at === b.at ? a.id < b.id : a.at < b.at)

/** First and last use, after these events; the same object where they say nothing new. */
export const evolveUsage = (usage: UsageFacts, events: readonly Heard[], days: Days): UsageFacts => {
  const dayOf = ({ at }: Heard): Day => days.dayOf(new Date(at))
  let { first, last } = usage
  for (const event of events) {
    if (first === null || isBefore(event, first)) first = event
    const later = last === null ? 1 : dayOf(event) - dayOf(last)
    if (last === null || later > 0 || (later === 0 && isBefore(event, last))) last = event
  }
  return first === usage.first && last === usage.last ? usage : { ...usage, first, last }
}

/** When the account's journey began; null: it has not. */
export const startOf = ({ usage, observed }: Pick<Facts, 'usage' | 'observed'>): string | null => {
  if (usage.first === null) return observed?.firstAt ?? null
  return observed !== null && observed.firstAt < usage.first.at ? observed.firstAt : usage.first.at
}

/** What we heard first of it: the start of its journey. */
export const beginningOf = ({ usage, observed }: Pick<Facts, 'usage' | 'observed'>): Heard | null => {
  if (observed === null || (usage.first !== null && usage.first.at <= observed.firstAt)) return usage.first
  return { ...observed.newest, at: observed.firstAt }
}
