// Moves accounts on their journeys after new events and once a day, in a constant number of statements, and tells of it.
import type { Work } from '@banso/messaging'
import type { EntityManager } from 'typeorm'
import { activated, type FirstUse } from '../domain/activation.ts'
import type { Day, Days } from '../domain/day.ts'
import { decide } from '../domain/decide.ts'
import { derive } from '../domain/derive.ts'
import { type Facts, startOf } from '../domain/facts.ts'
import { keyOf, rulesOf } from '../domain/journey.ts'
import { isDeepStrictEqual } from 'node:util'
import { followScores } from '../domain/track.ts'
import { type Account, writeAccounts } from '../store/accounts.ts'
import { readFirstUses } from '../store/first-uses.ts'
import type { Journeys, KnownJourney } from '../store/journeys.ts'
import { type Known, limitsOf, NOTHING_KNOWN, readKnown } from '../store/known.ts'
import { announce } from './announce.ts'
import { askConditions } from './ask-conditions.ts'
import { type Cause, causeOfDays } from './evidence.ts'

/** What moves accounts, besides what is known of them. */
export interface Ground {
  readonly journeys: Journeys
  readonly days: Days
}

/** What became of an account. */
export interface Move {
  readonly before: Account
  readonly after: Account
  readonly cause: Cause
  /** The day that has come; null: no day passes by this (only use and the daily run tell that days have passed). */
  readonly day: Day | null
  /** Who did what first has changed. */
  readonly usesChanged?: boolean
}

interface Basis {
  readonly journeyOf: (account: Account) => KnownJourney | null
  readonly known: ReadonlyMap<string, Known>
  readonly uses: ReadonlyMap<string, readonly FirstUse[]>
}

/** `silently`: nothing is told (what a rebuild makes anew was told before). */
export const moveAccounts = async (
  work: Work,
  { journeys, days }: Ground,
  all: readonly Move[],
  how: 'tell' | 'silently' = 'tell',
): Promise<void> => {
  const moves = all.filter((move) => !isSettled(move))
  if (moves.length === 0) return
  const basis = await readBasis(work.tx, journeys, moves)
  const moved = moves.map((move): Account => {
    const journey = basis.journeyOf(move.after)
    if (journey === null) return move.after
    const { aged, account } = moveOne(move, journey, basis, work.now, days)
    if (how === 'tell') tell(work, move, aged, account, journey)
    return account
  })
  const changed = moved.filter((account, index) => !isDeepStrictEqual(account, moves[index]?.before))
  if (changed.length > 0) await writeAccounts(work.tx, changed)
}

// Most events of a day change nothing that a journey is made of.
const isSettled = ({ before, after, day, usesChanged }: Move): boolean =>
  before === after && usesChanged !== true && before.journey !== null && (day === null || day === before.livedDay)

const readBasis = async (tx: EntityManager, journeys: Journeys, moves: readonly Move[]): Promise<Basis> => {
  const beginning = moves.filter(({ after }) => after.journey === null && startOf(after.facts) !== null)
  const newest = beginning.length > 0 ? await journeys.newest(tx) : null
  const versionOf = await journeys.read(
    tx,
    moves.flatMap(({ after }) => after.journey ?? []),
  )
  const journeyOf = ({ journey, facts }: Account): KnownJourney | null => {
    if (journey !== null) return versionOf(journey)
    return startOf(facts) === null ? null : newest
  }
  const isNew = new Set(beginning.map(({ after }) => after.accountId))
  const idsOf = (which: (move: Move) => boolean): string[] => moves.filter(which).map(({ after }) => after.accountId)
  return {
    journeyOf,
    known: await readKnown(
      tx,
      idsOf(({ after }) => isNew.has(after.accountId) || (journeyOf(after)?.conditions.size ?? 0) > 0),
    ),
    uses: await readFirstUses(
      tx,
      idsOf(({ after, usesChanged }) => usesChanged === true || isNew.has(after.accountId)),
    ),
  }
}

interface Moved {
  /** What the days alone made of it; null: nothing. */
  readonly aged: Account['state'] | null
  readonly account: Account
}

const moveOne = ({ before, after, day }: Move, journey: KnownJourney, basis: Basis, now: Date, days: Days): Moved => {
  const { spec } = journey
  const known = basis.known.get(after.accountId) ?? NOTHING_KNOWN
  const facts = factsOf(after, journey, known, basis.uses.get(after.accountId), days)
  const livedDay = day === null ? before.livedDay : Math.max(day, before.livedDay ?? day)
  const today = livedDay ?? days.dayOf(new Date(startOf(facts) ?? now))
  const passed = livedDay !== null && (before.livedDay === null || livedDay > before.livedDay)
  const aged = passed && before.state.status !== 'waiting' ? derive(spec, before.facts, today, days) : null
  const account: Account = {
    ...after,
    journey: { name: journey.name, version: journey.version },
    livedDay,
    facts,
    state: derive(spec, facts, today, days),
  }
  return { aged, account: withConditions(account, journey, { known, day: today, now, days }) }
}

// Before its first day nobody knows which day it is for the account: the daily run asks then.
const withConditions = (
  account: Account,
  journey: KnownJourney,
  asking: Parameters<typeof askConditions>[3],
): Account => {
  const { state, facts } = account
  if (state.status === 'waiting' || account.livedDay === null || journey.conditions.size === 0) return account
  const asked = { ...facts, tracks: askConditions(account, state, journey, asking) }
  return { ...account, facts: asked, state: derive(journey.spec, asked, state.day, asking.days) }
}

// Of an account whose journey begins, the scores that came before it; of all, what their first uses say.
const factsOf = (
  { journey: known, facts }: Account,
  { spec }: KnownJourney,
  { profile, series }: Known,
  uses: readonly FirstUse[] | undefined,
  days: Days,
): Facts => {
  const scores = { series, limits: limitsOf(profile, spec), changedFrom: 0 }
  const tracks = known === null ? followScores(facts.tracks, scores, spec, days) : facts.tracks
  if (uses === undefined) return { ...facts, tracks }
  const reached = Object.fromEntries(
    rulesOf(spec).flatMap((rule) => {
      const finding = 'activation' in rule ? activated(rule.activation, uses) : null
      return finding ? [[keyOf(rule), finding]] : []
    }),
  )
  return { ...facts, tracks, usage: { ...facts.usage, reached } }
}

/** First what the days did, then what the events did. */
const tell = (
  work: Work,
  { before, cause }: Move,
  aged: Moved['aged'],
  account: Account,
  journey: KnownJourney,
): void => {
  const order = journey.spec.stages.map(({ name }) => name)
  const say = (from: Account['state'], to: Account['state'], why: Cause): void => {
    for (const progress of decide(from, to, order)) announce(work, account.accountId, journey, progress, why)
  }
  if (aged) say(before.state, aged, causeOfDays(before))
  say(aged ?? before.state, account.state, cause)
}
