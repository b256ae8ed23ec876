import { ActivitySeries, levelAt } from './activity-series.ts'
import { WINDOW, type Activity, type KeyFeatures } from './activity.ts'
import type { Day } from './day.ts'

// Trend compares 56 days with eight windows before each: 55 + 56 + 28 days. The rest lets missed days be scored.
const KEPT_DAYS = 175
const LONGEST = 240
// A phone's clock may be ahead by a day; facts further ahead wait until their day comes.
const HORIZON = 1

/** The nearest days of use, by a person or of a name, around a day on which it is new. */
export interface Gap {
  readonly previous: Day | null
  readonly next: Day | null
}

/** A track name that is new on a day. */
export interface NameGap extends Gap {
  readonly name: string
}

/** What became new on a day: persons not yet seen on it, and track names not yet seen on it. */
export interface DayUse {
  readonly day: Day
  readonly persons: readonly Gap[]
  readonly names: readonly NameGap[]
}

/** All facts of a day: which persons, and which track names, each once. */
export interface DayFacts {
  readonly day: Day
  readonly persons: readonly string[]
  readonly names: readonly string[]
}

type Draft = { -readonly [K in keyof Activity]: Activity[K] extends readonly number[] ? number[] : Activity[K] }

/** Whether facts have to be read again: days that were in the future have come, or other names count. */
export const isOutdated = (activity: Activity, today: Day, keyFeatures: KeyFeatures = null): boolean =>
  (activity.deferredFrom !== null && activity.deferredFrom <= today + HORIZON) ||
  !isSameList(activity.keyFeatures, keyFeatures)

const isSameList = (a: KeyFeatures, b: KeyFeatures): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && a.every((name, index) => name === b[index]))

/**
 * The activity with what became new, in any order; it counts the names that it counted before, a new one `keyFeatures`.
 * 'recompute': the uses reach back to where only the averages are kept.
 */
export const fold = (
  activity: Activity | null,
  uses: readonly DayUse[],
  today: Day,
  keyFeatures: KeyFeatures = null,
): Activity | 'recompute' | null => {
  let draft: Draft | null = activity && {
    ...activity,
    persons: [...activity.persons],
    reach: [...activity.reach],
    breadth: [...activity.breadth],
  }
  for (const { day, persons, names } of uses) {
    draft ??= emptyFrom(day, keyFeatures)
    if (day > today + HORIZON) {
      draft.deferredFrom = Math.min(draft.deferredFrom ?? day, day)
      continue
    }
    if (!makeRoom(draft, day)) return 'recompute'
    const at = day - draft.start
    addTo(draft.persons, at, at, persons.length)
    for (const gap of persons) cover(draft.reach, draft.start, day, gap)
    for (const gap of names) if (counts(draft, gap.name)) cover(draft.breadth, draft.start, day, gap)
  }
  return draft && slid(draft, today)
}

/** The activity of an account from all its facts, in the order of days. */
export const activityOf = (days: readonly DayFacts[], today: Day, keyFeatures: KeyFeatures = null): Activity | null => {
  const [lastOfPerson, lastOfName] = [new Map<string, Day>(), new Map<string, Day>()]
  let activity: Activity | null = null
  for (const { day, persons, names } of days) {
    const use = {
      day,
      persons: persons.map((person) => gapAfter(lastOfPerson, person, day)),
      names: names.map((name) => ({ name, ...gapAfter(lastOfName, name, day) })),
    }
    const folded = fold(activity, [use], today, keyFeatures)
    if (folded === 'recompute') throw new RangeError('Days must be given in their order')
    activity = folded
  }
  return activity
}

const gapAfter = (last: Map<string, Day>, key: string, day: Day): Gap => {
  const previous = last.get(key) ?? null
  last.set(key, day)
  return { previous, next: null }
}

const counts = ({ keyFeatures }: Draft, name: string): boolean => keyFeatures === null || keyFeatures.includes(name)

const emptyFrom = (day: Day, keyFeatures: KeyFeatures): Draft => ({
  first: day,
  start: day,
  persons: [],
  reach: [],
  breadth: [],
  keyFeatures,
  levels: null,
  deferredFrom: null,
})

const makeRoom = (draft: Draft, day: Day): boolean => {
  if (draft.levels) return day > draft.start + WINDOW - 2
  if (draft.persons.length === 0) {
    draft.first = draft.start = day
  } else if (day < draft.start) {
    const missing = draft.start - day
    if (draft.persons.length + missing > LONGEST) return false
    const zeros = Array<number>(missing).fill(0)
    draft.persons = [...zeros, ...draft.persons]
    draft.reach = [...zeros, ...draft.reach]
    draft.breadth = [...zeros, ...draft.breadth]
    draft.first = draft.start = day
  }
  return true
}

// A use on `day` counts for the 28 days from it; those that the uses around it count for already are not counted twice.
const cover = (series: number[], start: Day, day: Day, { previous, next }: Gap): void => {
  const from = previous === null ? day : Math.max(day, previous + WINDOW)
  const to = next === null ? day + WINDOW - 1 : Math.min(day + WINDOW, next) - 1
  addTo(series, from - start, to - start, 1)
}

const addTo = (series: number[], from: number, to: number, amount: number): void => {
  while (series.length <= to) series.push(0)
  for (let at = from; at <= to; at += 1) series[at] = (series[at] ?? 0) + amount
}

const slid = (activity: Activity, today: Day): Activity => {
  const last = Math.min(activity.start + activity.persons.length - 1, today)
  if (last - activity.start < LONGEST) return activity
  const start = last - KEPT_DAYS
  const series = new ActivitySeries(activity)
  const at = start + WINDOW - 2
  const kept = start - activity.start
  return {
    ...activity,
    start,
    persons: activity.persons.slice(kept),
    reach: activity.reach.slice(kept),
    breadth: activity.breadth.slice(kept),
    levels: {
      frequency: levelAt(at, series.activeDays, series.checkpointOf('frequency')),
      breadth: levelAt(at, series.trackNames, series.checkpointOf('breadth')),
      reach: levelAt(at, series.users, series.checkpointOf('reach')),
    },
  }
}
