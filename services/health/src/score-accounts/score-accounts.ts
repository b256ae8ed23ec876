// Scores accounts after new events and once a day, in a constant number of statements, and says what is new.
import type { AccountScored } from '@banso/contracts'
import type { Work } from '@banso/messaging'
import type { Day } from '@banso/platform'
import { isNews, scoredOf } from '../domain/scored.ts'
import type { AccountDay, ScoredStanding } from '../store/scores.ts'
import { readWeekAgo, writeScores } from '../store/scores.ts'
import type { ScoringBases, ScoringBasis } from '../store/scoring-bases.ts'
import { announceChange, announceScore } from './announce.ts'
import {
  dayOf,
  daysOf,
  evidenceIn,
  type Measuring,
  needsPast,
  type Scored,
  scoredOn,
  type Scoring,
  tell,
  type Told,
} from './standings.ts'

export interface ScoreOptions {
  readonly bases: ScoringBases
  /** `always`: also of accounts whose score says nothing new. */
  readonly announce?: 'always' | 'news'
}

export const scoreAccounts = async (
  work: Work,
  basis: ScoringBasis,
  scorings: readonly Scoring[],
  { bases, announce = 'news' }: ScoreOptions,
): Promise<void> => {
  const measuring = await measuringOf(work, basis, scorings, bases)
  const scored = scorings.map((scoring) => scoredOn(scoring, measuring))
  const weekAgo = await readWeekAgo(
    work.tx,
    scored.filter(needsPast).map(({ scoring, now }) => ({ accountId: scoring.after.accountId, day: now.day })),
  )
  const written = scored.flatMap((each): ScoredStanding[] => {
    const { before, after } = each.scoring
    if (announce === 'news' && isQuiet(each)) return []
    const { daily, sudden } = tell(each, weekAgo.get(after.accountId) ?? null)
    const publishedOf = ({ standing }: Told): AccountScored =>
      scoredOf(after.accountId, standing, basis.scorecard, after, work.now)
    const result = publishedOf(sudden)
    const news = each.hasChanged || isNews(before.scored, result)
    if (news || announce === 'always') announceScore(work, result)
    for (const change of daily.changes) announceChange(work, publishedOf(daily), change, null)
    for (const change of sudden.changes) announceChange(work, result, change, evidenceIn(each))
    const isKept = news || daily.changes.length + sudden.changes.length > 0 || !isScoredBySame(each)
    return isKept ? [{ standing: sudden.standing, scored: result }] : []
  })
  await writeScores(work.tx, written, scored.flatMap(accountDays))
}

// Of the same score on the same day by the same yardstick, only the times of its inputs could be news.
const isQuiet = (each: Scored): boolean => {
  const { before, after } = each.scoring
  return (
    !each.hasChanged &&
    each.aged.length === 0 &&
    isScoredBySame(each) &&
    isSameUtcDay(before.newestUsageAt, after.newestUsageAt) &&
    isSameUtcDay(before.newestTicketAt, after.newestTicketAt)
  )
}

const UTC_DAY_MS = 86_400_000

const isSameUtcDay = (a: Date | null, b: Date | null): boolean =>
  a === b || (a !== null && b !== null && Math.floor(a.getTime() / UTC_DAY_MS) === Math.floor(b.getTime() / UTC_DAY_MS))

// Tables of all the days that are scored; of the days before, where another scorecard has to be compared.
const measuringOf = async (
  work: Work,
  basis: ScoringBasis,
  scorings: readonly Scoring[],
  bases: ScoringBases,
): Promise<Measuring> => {
  const { name, version } = basis.scorecard
  const days = new Set<Day>()
  const before = new Set<Day>()
  for (const scoring of scorings) {
    const last = dayOf(scoring)
    const { standing } = scoring.before
    for (let day = Math.min(last, (standing?.day ?? last) + 1); day <= last; day += 1) days.add(day)
    const by = standing?.by
    if (by && by.peers !== null && (by.name !== name || by.version !== version)) before.add(by.peers)
  }
  return {
    connected: basis.connected,
    yardsticks: await bases.yardsticks(work.tx, basis, days),
    peers: await bases.peers(work.tx, [...before]),
    now: work.now,
  }
}

const isScoredBySame = ({ scoring, now }: Scored): boolean => {
  const was = scoring.before.standing?.by
  return was?.name === now.by?.name && was?.version === now.by?.version && was?.peers === now.by?.peers
}

const accountDays = (each: Scored): AccountDay[] =>
  daysOf(each).map((standing) => ({ accountId: each.scoring.after.accountId, standing }))
