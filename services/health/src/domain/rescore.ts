import type { ScoreOverride } from '@banso/contracts'
import { ActivitySeries } from './activity-series.ts'
import { noBand } from './band.ts'
import type { Day } from './day.ts'
import { advanceDrop, type DropState } from './drop.ts'
import type { Facts } from './measures.ts'
import { effective } from './override.ts'
import type { PeerTable } from './peers.ts'
import { score, type Score, type Yardstick } from './score.ts'
import type { Step } from './split.ts'
import { advance, advanceTo, pastOf, type ScoredBy, type Standing } from './standing.ts'

/**
 * What was known before, with what came late (facts of a day before the one on which they became known), and with all;
 * one object where nothing was added. All of them count the key features of the present scorecard.
 */
export interface KnownFacts {
  readonly before: Facts
  readonly late: Facts
  readonly after: Facts
}

export interface Scoring {
  /** At or after the day of the standing before. */
  readonly day: Day
  readonly facts: KnownFacts
  readonly yardstick: Yardstick
  /** The table that the standing before was scored by; asked for only when the scorecard is another now. */
  readonly peersBefore: PeerTable | null
  /** The one in force. */
  readonly override: ScoreOverride | null
}

/** The facts of a scoring for which nothing came in. */
export const unchanged = (facts: Facts): KnownFacts => ({ before: facts, late: facts, after: facts })

/** Whether an event belongs to the past of the day on which it became known. */
export const isLate = (day: Day, knownOn: Day): boolean => day < knownOn

const scoredBy = ({ scorecard, peers }: Yardstick): ScoredBy => ({
  name: scorecard.name,
  version: scorecard.version,
  peers: peers && peers.day,
})

/** The standing after a scoring, with the points that each cause moved it by. */
export const rescore = (known: Standing | null, scoring: Scoring): Standing => {
  const { day, yardstick, override } = scoring
  const before = known && (measuredAnew(known, scoring) ?? known)
  const { score: computed, steps } = before
    ? replaceInputs(before, scoring)
    : { score: score(scoring.facts.after, yardstick, day), steps: [] }
  const last: Step = ['behaviour', effective(computed.score, override)]
  const drop = before && (day > before.day ? dropAfter(before.drop, scoring) : before.drop)
  return advance(before, { day, score: computed, steps: [...steps, last], override, by: scoredBy(yardstick), drop })
}

/** The standings of all days after the one before, up to `today`, on which nothing happened; the last is today's. */
export const age = (before: Standing, today: Day, scoringOn: (day: Day) => Omit<Scoring, 'day'>): Standing[] =>
  advanceTo(before, today, (standing, day) => rescore(standing, { ...scoringOn(day), day }))

const isCompared = ({ measures }: Pick<Score, 'measures'>): boolean =>
  measures.some(({ peerRank }) => typeof peerRank === 'number')

const isSameCard = (a: ScoredBy | null, b: ScoredBy): boolean => a?.name === b.name && a.version === b.version

const isUnconnected = ({ measures }: Pick<Score, 'measures'>): boolean =>
  measures.some(({ missing }) => missing === 'not-connected')

/** Why all accounts are measured anew: the first table to rank them, or none any more; a kind of input that was not there. */
const newMeasure = (before: Standing, { facts, yardstick }: Scoring): Step[0] | null => {
  const { usage, tickets } = facts.before.connected
  if (isUnconnected(before.score) && usage && tickets) return 'configuration'
  if (before.by?.peers === scoredBy(yardstick).peers) return null
  const ranks = Object.keys(yardstick.peers?.groups ?? {}).length > 0
  return isCompared(before.score) === ranks ? null : 'peers'
}

/**
 * The standing as it would be by a measure that is new for everybody. Such a one moves all accounts at once, and none of
 * them did anything: like after a first score, the band begins anew, and moves are measured from here. Null otherwise.
 */
const measuredAnew = (before: Standing, scoring: Scoring): Standing | null => {
  const { day, facts, yardstick } = scoring
  const by = scoredBy(yardstick)
  if (before.override || !isSameCard(before.by, by)) return null
  const cause = newMeasure(before, scoring)
  if (cause === null) return null
  const computed = score(facts.before, yardstick, before.day)
  if (cause === 'peers' && isCompared(before.score) === isCompared(computed)) return null
  const found = { day: before.day, score: computed, override: null, by, drop: before.drop }
  const standing = advance({ ...before, bands: noBand }, { ...found, steps: [[cause, computed.score]] })
  return { ...standing, told: pastOf({ ...standing, day }) ?? before.told, anew: { day, band: standing.bands.band } }
}

// One input after the other; what has not changed is not scored again.
const replaceInputs = (before: Standing, scoring: Scoring): { score: Score; steps: Step[] } => {
  const { day, facts, yardstick, override } = scoring
  if (override) return { score: score(facts.after, yardstick, day), steps: [['override', override.score]] }
  const by = scoredBy(yardstick)
  const isOtherTable = before.by?.peers !== by.peers
  const isOtherCard = !isSameCard(before.by, by)
  const steps: Step[] = [['override', before.score.score]]
  let now = before.score
  let seen: Facts | null = null
  const replace = (cause: Step[0], isNew: boolean, [known, measure, asOf]: Parameters<typeof score>): void => {
    if (isNew) {
      now = score(known, measure, asOf)
      seen = known
    }
    steps.push([cause, now.score])
  }
  const ofOldPeers = isOtherTable ? { ...yardstick, peers: scoring.peersBefore } : yardstick
  replace('configuration', isOtherCard, [facts.before, ofOldPeers, before.day])
  replace('peers', isOtherTable, [facts.before, yardstick, before.day])
  replace('ageing', before.day !== day, [facts.before, yardstick, day])
  replace('late-data', facts.late !== facts.before, [facts.late, yardstick, day])
  if (seen !== facts.after) now = score(facts.after, yardstick, day)
  return { score: now, steps }
}

// Days are judged when they are over, and by what was known when the next one began.
const dropAfter = (drop: DropState | null, { day, facts, yardstick }: Scoring): DropState | null => {
  if (facts.before.activity === null) return drop
  return advanceDrop(drop, new ActivitySeries(facts.before.activity), day - 1, yardstick.peers?.usualChange ?? 0)
}
