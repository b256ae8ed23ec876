import type { JourneyFlag, Pace } from '@banso/contracts'

/** Order of the words of one writer about one account: generation, then sequence. */
export type Stamp = readonly [generation: number, sequence: number]

export interface Stamped<T> {
  readonly value: T
  readonly at: Stamp
}

/** What journeys told of an account in one journey: of each thing its latest word. */
export interface JourneyKnown {
  readonly stage: Stamped<{ readonly name: string; readonly since: string }> | null
  /** Of the stage, as of its stamp; an earlier one is of an earlier stage. */
  readonly pace: Stamped<Pace> | null
  readonly flags: Readonly<Partial<Record<JourneyFlag, Stamped<boolean>>>>
  /** Reached, by name. */
  readonly milestones: readonly string[]
}

export const NOTHING_KNOWN: JourneyKnown = { stage: null, pace: null, flags: {}, milestones: [] }

export const isAfter = (a: Stamp, b: Stamp): boolean => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])

const later = <T>(a: Stamped<T> | null, b: Stamped<T> | null): Stamped<T> | null => {
  if (a === null || b === null) return a ?? b
  return isAfter(b.at, a.at) ? b : a
}

const FLAGS: readonly JourneyFlag[] = ['stalled', 'dormant', 'at-risk']

const mergeFlags = (a: JourneyKnown['flags'], b: JourneyKnown['flags']): JourneyKnown['flags'] =>
  Object.fromEntries(
    FLAGS.flatMap((flag) => {
      const word = later(a[flag] ?? null, b[flag] ?? null)
      return word === null ? [] : [[flag, word]]
    }),
  )

/** What two know together. Whichever comes first, and however often: the same. */
export const mergeJourney = (a: JourneyKnown, b: JourneyKnown): JourneyKnown => ({
  stage: later(a.stage, b.stage),
  pace: later(a.pace, b.pace),
  flags: mergeFlags(a.flags, b.flags),
  milestones: [...new Set([...a.milestones, ...b.milestones])].toSorted(),
})

/** `on-track` from the day a stage is entered until journeys says otherwise. */
export const paceOf = ({ stage, pace }: JourneyKnown): Pace =>
  pace !== null && (stage === null || isAfter(pace.at, stage.at)) ? pace.value : 'on-track'
