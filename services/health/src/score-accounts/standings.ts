// From what is known of an account to where it stands, and to what of that is told.
import type { ScoredMeasure } from '@banso/contracts'
import { isDeepStrictEqual } from 'node:util'
import type { Day } from '@banso/platform'
import type { Facts } from '../domain/measures.ts'
import { inForce } from '../domain/override.ts'
import type { PeerTable } from '../domain/peers.ts'
import { ratingsOf } from '../domain/ratings.ts'
import { age, type KnownFacts, rescore, type Scoring as QuietScoring, unchanged } from '../domain/rescore.ts'
import type { Score } from '../domain/score.ts'
import { changesOf, type PastScore, pastOf, type Standing, type StandingChange } from '../domain/standing.ts'
import type { Account, Inputs } from '../store/account.ts'
import type { Yardsticks } from '../store/scoring-bases.ts'
import type { Evidence } from './evidence.ts'

/** What became of an account. */
export interface Scoring {
  readonly before: Account
  /** With what came late, and nothing else. */
  readonly late: Account
  readonly after: Account
  /** Null: nothing but the day, or what a person decided. */
  readonly evidence: Evidence | null
  /** Of what came late; null: nothing did. */
  readonly lateEvidence: Evidence | null
  /** The day to score; of an account that was scored for a later one, that. */
  readonly day: Day
}

/** What accounts are scored by, now. */
export interface Measuring {
  readonly connected: Facts['connected']
  readonly yardsticks: Yardsticks
  /** Of the tables by which accounts were scored last, those that are asked for. */
  readonly peers: ReadonlyMap<Day, PeerTable>
  readonly now: Date
}

export interface Scored {
  readonly scoring: Scoring
  /** What the days alone made of it, missed ones included; of the day on which it was scored last, another yardstick. */
  readonly aged: readonly Standing[]
  /** After that, what the events made of it. */
  readonly now: Standing
  readonly hasChanged: boolean
}

/** The scoring of an account on a day on which nothing came in. */
export const scoringOf = (account: Account, day: Day): Scoring => ({
  before: account,
  late: account,
  after: account,
  evidence: null,
  lateEvidence: null,
  day,
})

export const dayOf = ({ day, before }: Scoring): Day => Math.max(day, before.standing?.day ?? day)

/** What is known of an account, to be scored for a day. */
export const factsOf = (
  { activity, tickets, ratings, seats, segment }: Inputs,
  connected: Facts['connected'],
  day: Day,
): Facts => ({ connected, segment, seats, activity, tickets, ratings: ratingsOf(ratings, day) })

const isSameInput = (a: Inputs, b: Inputs): boolean =>
  a.activity === b.activity &&
  a.tickets === b.tickets &&
  a.ratings === b.ratings &&
  a.seats === b.seats &&
  a.segment === b.segment

const knownFacts = ({ before, late, after }: Scoring, connected: Facts['connected'], day: Day): KnownFacts => {
  const ofBefore = factsOf(before, connected, day)
  const ofLate = isSameInput(before, late) ? ofBefore : factsOf(late, connected, day)
  const ofAfter = isSameInput(late, after) ? ofLate : factsOf(after, connected, day)
  return { before: ofBefore, late: ofLate, after: ofAfter }
}

export const scoredOn = (scoring: Scoring, { connected, yardsticks, peers, now }: Measuring): Scored => {
  const { before, after, evidence } = scoring
  const day = dayOf(scoring)
  const was = before.standing
  const rest = {
    peersBefore: peers.get(was?.by?.peers ?? NaN) ?? null,
    override: inForce(after.override, now),
  }
  const quietDay = (on: Day): Omit<QuietScoring, 'day'> => ({
    ...rest,
    facts: unchanged(factsOf(before, connected, on)),
    yardstick: yardsticks(on),
  })
  const days = was ? age(was, day, quietDay) : []
  const isMeasuredAnew = was?.day === day && !isMeasuredBySame(was, rest.override, yardsticks)
  const aged = isMeasuredAnew ? [rescore(was, { ...quietDay(day), day })] : days
  const standing = aged.at(-1) ?? was
  const isSettled = standing && (evidence ? isUntouched(scoring, standing) : aged.length > 0)
  const found = isSettled
    ? standing
    : rescore(standing, { ...rest, day, facts: knownFacts(scoring, connected, day), yardstick: yardsticks(day) })
  return { scoring, aged, now: found, hasChanged: [...aged, found].some((each) => each !== was && !isSame(was, each)) }
}

/** The events that moved the score: what came late, when that alone did; events of the past fire nothing. */
export const evidenceIn = ({ scoring, aged, now }: Scored): Evidence | null => {
  const { before, evidence, lateEvidence } = scoring
  const was = (aged.at(-1) ?? before.standing)?.ledger?.points
  const points = now.ledger?.points
  const isOfPast = was && points && points.behaviour === was.behaviour && points['late-data'] !== was['late-data']
  return isOfPast ? (lateEvidence ?? evidence) : evidence
}

const isMeasuredBySame = (
  { by, day, override }: Standing,
  inForceNow: Standing['override'],
  yardsticks: Yardsticks,
): boolean => {
  const { scorecard, peers } = yardsticks(day)
  return (
    by?.name === scorecard.name &&
    by.version === scorecard.version &&
    by.peers === (peers && peers.day) &&
    isDeepStrictEqual(override, inForceNow)
  )
}

// Most events of a day change nothing that a score is made of.
const isUntouched = ({ before, after }: Scoring, { score }: Standing): boolean =>
  isSameInput(before, after) && score.measures.every(({ missing }) => missing !== 'not-connected')

const isSame = (before: Standing | null, now: Standing): boolean =>
  before?.day === now.day && isSameScore(before.score, now.score) && isDeepStrictEqual(before.override, now.override)

// Field by field: this is asked of every account of every chunk.
const isSameScore = (a: Score, b: Score): boolean =>
  a.score === b.score &&
  a.coverage === b.coverage &&
  a.outcome.score === b.outcome.score &&
  a.experience.score === b.experience.score &&
  a.measures.length === b.measures.length &&
  a.measures.every((measure, index) => isSameMeasure(measure, b.measures[index]))

const isSameMeasure = (a: ScoredMeasure, b: ScoredMeasure | undefined): boolean =>
  a.measure === b?.measure &&
  a.half === b.half &&
  a.weight === b.weight &&
  a.value === b.value &&
  a.score === b.score &&
  a.peerRank === b.peerRank &&
  a.contribution === b.contribution &&
  a.missing === b.missing

/** The last standing of a day is the day's. */
export const daysOf = ({ aged, now, hasChanged }: Scored): readonly Standing[] => {
  const earlier = aged.filter(({ day }) => day < now.day)
  return hasChanged ? [...earlier, now] : earlier
}

export interface Told {
  readonly standing: Standing
  readonly changes: readonly StandingChange[]
}

const WEEK = 7

/** The score that moves are measured against: of the missed days that were just scored, or `stored`. */
const pastAmong = ({ aged, now }: Scored, stored: PastScore | null): PastScore | null => {
  const missed = aged.flatMap((standing) => (standing.day < now.day ? (pastOf(standing) ?? []) : []))
  return missed.findLast(({ day }) => day <= now.day - WEEK) ?? stored ?? missed[0] ?? null
}

/** Whether moves may have to be measured against a score that is stored. */
export const needsPast = ({ scoring, now, hasChanged }: Scored): boolean => {
  const { first, told } = scoring.before.standing ?? now
  return hasChanged && first !== null && first.day < now.day && !(told !== null && now.day - told.day < WEEK)
}

/** First what the days and another yardstick did, then what the events did, each against the same past. */
export const tell = (scored: Scored, stored: PastScore | null): { daily: Told; sudden: Told } => {
  const { scoring, aged, now, hasChanged } = scored
  const was = scoring.before.standing
  const weekAgo = pastAmong(scored, stored)
  const last = aged.at(-1)
  const daily: Told = last ? changesOf(was, last, weekAgo) : { standing: was ?? now, changes: [] }
  const after = { ...now, told: daily.standing.told }
  if (now === last || !hasChanged) return { daily, sudden: { standing: after, changes: [] } }
  return { daily, sudden: changesOf(was && daily.standing, after, weekAgo) }
}
