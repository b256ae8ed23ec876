import { ActivitySeries, levelAt } from './activity-series.ts'
import { WINDOW, type Activity } from './activity.ts'
import type { Day } from './calendar.ts'

// Trend compares 56 days with eight windows before each: 55 + 56 + 28 days. The rest lets missed days be scored.
const KEPT_DAYS = 175
const LONGEST = 240
// A phone's clock may be ahead by a day; facts further ahead wait until their day comes.
const HORIZON = 1

/** The nearest days on which a track name was used, before and after a day on which it now was used for the first time. */
export interface NameGap {
  readonly previous: Day | null
  readonly next: Day | null
}

/** What became new on a day: persons not yet seen on it, and track names not yet seen on it. */
export interface DayUse {
  readonly day: Day
  readonly persons: number
  readonly names: readonly NameGap[]
}

/** All facts of a day: how many persons, and which track names. */
export interface DayFacts {
  readonly day: Day
  readonly persons: number
  readonly names: readonly string[]
}

type Draft = { -readonly [K in keyof Activity]: Activity[K] extends readonly number[] ? number[] : Activity[K] }

/** Whether facts have to be read again: days that were in the future when they were folded have come. */
export const isOutdated = (activity: Activity, today: Day): boolean =>
  activity.deferredFrom !== null && activity.deferredFrom <= today + HORIZON

/** The activity with what became new, in any order. 'recompute': they reach back to where only the averages are kept. */
export const fold = (activity: Activity | null, uses: readonly DayUse[], today: Day): Activity | 'recompute' | null => {
  let draft: Draft | null = activity && { ...activity, persons: [...activity.persons], breadth: [...activity.breadth] }
  for (const use of uses) {
    draft ??= emptyFrom(use.day)
    if (use.day > today + HORIZON) {
      draft.deferredFrom = Math.min(draft.deferredFrom ?? use.day, use.day)
      continue
    }
    if (!makeRoom(draft, use.day)) return 'recompute'
    addTo(draft.persons, use.day - draft.start, use.day - draft.start, use.persons)
    for (const gap of use.names) cover(draft, use.day, gap)
  }
  return draft && slid(draft, today)
}

/** The activity of an account from all its facts, in the order of days. */
export const activityOf = (days: readonly DayFacts[], today: Day): Activity | null => {
  const lastUse = new Map<string, Day>()
  let activity: Activity | null = null
  for (const { day, persons, names } of days) {
    const gaps = names.map((name) => ({ previous: lastUse.get(name) ?? null, next: null }))
    for (const name of names) lastUse.set(name, day)
    const folded = fold(activity, [{ day, persons, names: gaps }], today)
    if (folded === 'recompute') throw new RangeError('Days must be given in their order')
    activity = folded
  }
  return activity
}

const emptyFrom = (day: Day): Draft => ({
  first: day,
  start: day,
  persons: [],
  breadth: [],
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
    draft.persons = [...Array<number>(missing).fill(0), ...draft.persons]
    draft.breadth = [...Array<number>(missing).fill(0), ...draft.breadth]
    draft.first = draft.start = day
  }
  return true
}

// A use on `day` counts for the 28 days from it; those that the uses around it count for already are not counted twice.
const cover = (draft: Draft, day: Day, { previous, next }: NameGap): void => {
  const from = previous === null ? day : Math.max(day, previous + WINDOW)
  const to = next === null ? day + WINDOW - 1 : Math.min(day + WINDOW, next) - 1
  addTo(draft.breadth, from - draft.start, to - draft.start, 1)
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
  return {
    ...activity,
    start,
    persons: activity.persons.slice(start - activity.start),
    breadth: activity.breadth.slice(start - activity.start),
    levels: {
      frequency: levelAt(at, series.activeDays, series.checkpointOf('frequency')),
      breadth: levelAt(at, series.trackNames, series.checkpointOf('breadth')),
    },
  }
}
