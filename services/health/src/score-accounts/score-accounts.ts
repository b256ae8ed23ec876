// Scores accounts after new events and once a day, in a constant number of statements, and says what is new.
import type { AccountScored } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import { isDeepStrictEqual } from 'node:util'
import type { Day } from '../domain/calendar.ts'
import type { Facts } from '../domain/measures.ts'
import { score } from '../domain/score.ts'
import { isNews, scoredOf } from '../domain/scored.ts'
import {
  advance,
  advanceTo,
  changesOf,
  type PastScore,
  type Standing,
  type StandingChange,
} from '../domain/standing.ts'
import type { Account } from '../store/accounts.ts'
import { type AccountDay, readWeekAgo, type ScoredStanding, writeHistory, writeScores } from '../store/scores.ts'
import { readBasis, type ScoringBasis } from '../store/scoring-basis.ts'
import { announceChange, announceScore } from './announce.ts'
import type { Evidence } from './evidence.ts'

/** What became of an account. `evidence` null: nothing but the day. */
export interface Scoring {
  readonly before: Account
  readonly after: Account
  readonly evidence: Evidence | null
  /** The day to score; of an account that was scored for a later one, that. */
  readonly day: Day
}

interface Scored {
  readonly scoring: Scoring
  /** What the days alone made of it, missed ones included; empty on the day on which it was scored last. */
  readonly aged: readonly Standing[]
  /** After that, what the events made of it. */
  readonly now: Standing
  readonly hasChanged: boolean
}

/** Says nothing of accounts whose score says nothing new, unless `always`. */
export const scoreAccounts = async (
  work: Work,
  scorings: readonly Scoring[],
  always: 'always' | 'news' = 'news',
): Promise<void> => {
  const basis = await readBasis(work.tx)
  const scored = scorings.map((scoring) => scoredStandings(scoring, basis))
  await writeHistory(work.tx, scored.flatMap(daysOf), basis.scorecard)
  const weekAgo = await readWeekAgo(
    work.tx,
    scored
      .filter(({ hasChanged }) => hasChanged)
      .map(({ scoring, now }) => ({ accountId: scoring.after.accountId, day: now.day })),
  )
  const written = scored.flatMap((each): ScoredStanding[] => {
    const { before, after, evidence } = each.scoring
    const { daily, sudden } = tell(each, weekAgo.get(after.accountId) ?? null)
    const publishedOf = ({ standing }: Told): AccountScored =>
      scoredOf(after.accountId, standing, basis.scorecard, after, work.now)
    const result = publishedOf(sudden)
    const news = isNews(before.scored, result)
    if (news || always === 'always') announceScore(work, result)
    for (const change of daily.changes) announceChange(work, publishedOf(daily), change, null)
    for (const change of sudden.changes) announceChange(work, result, change, evidence)
    const changes = daily.changes.length + sudden.changes.length
    return news || changes > 0 ? [{ standing: sudden.standing, scored: result }] : []
  })
  await writeScores(work.tx, written)
}

const factsOf = ({ activity, tickets }: Account, { connected }: ScoringBasis): Facts => ({
  connected,
  activity,
  tickets,
})

const scoredStandings = (scoring: Scoring, basis: ScoringBasis): Scored => {
  const { before, after, evidence } = scoring
  const day = Math.max(scoring.day, before.standing?.day ?? scoring.day)
  const scoreOn = (account: Account) => (on: Day) => score(factsOf(account, basis), basis.scorecard, on)
  const aged = before.standing ? advanceTo(before.standing, day, scoreOn(before)) : []
  const standing = aged.at(-1) ?? before.standing
  const settled = standing && (evidence ? isUntouched(scoring, basis) : aged.length > 0)
  const now = settled ? standing : advance(standing, scoreOn(after)(day), day)
  return { scoring, aged, now, hasChanged: now !== before.standing && !isSame(before.standing, now) }
}

// Most events of a day change nothing that a score is made of.
const isUntouched = ({ before, after }: Scoring, { scorecard }: ScoringBasis): boolean =>
  before.activity === after.activity &&
  before.tickets === after.tickets &&
  before.scored?.scorecard.name === scorecard.name &&
  before.scored.scorecard.version === scorecard.version &&
  before.scored.measures.every(({ missing }) => missing !== 'not-connected')

const isSame = (before: Standing | null, now: Standing): boolean =>
  before?.day === now.day && isDeepStrictEqual(before.score, now.score)

// The last standing of a day is the day's.
const daysOf = (each: Scored): AccountDay[] => {
  const earlier = each.aged.filter(({ day }) => day < each.now.day)
  const standings = each.hasChanged ? [...earlier, each.now] : earlier
  return standings.map((standing) => ({ accountId: each.scoring.after.accountId, standing }))
}

interface Told {
  readonly standing: Standing
  readonly changes: readonly StandingChange[]
}

/** First what the days did, then what the events did, each against the same past. */
const tell = (each: Scored, weekAgo: PastScore | null): { daily: Told; sudden: Told } => {
  const { scoring, aged, now } = each
  const start = scoring.before.standing
  const last = aged.at(-1)
  const daily = last ? changesOf(start, last, weekAgo) : { standing: start ?? now, changes: [] }
  const after = { ...now, told: daily.standing.told }
  const isTold = now === last || !start || !each.hasChanged
  return { daily, sudden: isTold ? { standing: after, changes: [] } : changesOf(daily.standing, after, weekAgo) }
}
