import type { AccountScored, Band } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import { formatDay, type Day } from '../domain/calendar.ts'
import type { PastScore, Standing } from '../domain/standing.ts'
import { EPOCH } from './epoch.ts'
import { standingJson } from './standing-json.ts'

/** A standing, and the score as it is published. */
export interface ScoredStanding {
  readonly standing: Standing
  readonly scored: AccountScored
}

export const writeScores = async (tx: EntityManager, scores: readonly ScoredStanding[]): Promise<void> => {
  if (scores.length === 0) return
  await tx.query(
    `INSERT INTO account_score (account_id, scored_day, scored, standing)
     SELECT account_id, scored_day, scored::json, standing::json
     FROM unnest($1::uuid[], $2::date[], string_to_array($3, E'\\n'), string_to_array($4, E'\\n'))
       AS written (account_id, scored_day, scored, standing)
     ON CONFLICT (account_id) DO UPDATE SET
       scored_day = excluded.scored_day, scored = excluded.scored, standing = excluded.standing`,
    // Documents as lines of one text: elements of an array would have to be escaped.
    [
      scores.map(({ scored }) => scored.accountId),
      scores.map(({ scored }) => scored.day),
      scores.map(({ scored }) => JSON.stringify(scored)).join('\n'),
      scores.map(({ standing }) => JSON.stringify(standingJson(standing))).join('\n'),
    ],
  )
}

export const readScored = async (
  tx: EntityManager,
  accountIds: readonly string[],
): Promise<readonly AccountScored[]> => {
  const rows = await tx.query<{ scored: AccountScored }[]>(
    `SELECT scored FROM account_score WHERE account_id = ANY($1::uuid[]) ORDER BY account_id`,
    [accountIds],
  )
  return rows.map(({ scored }) => scored)
}

export interface AccountDay {
  readonly accountId: string
  readonly standing: Standing
}

/** Keeps the last score of each day; each account and day at most once. */
export const writeHistory = async (
  tx: EntityManager,
  days: readonly AccountDay[],
  scorecard: AccountScored['scorecard'],
): Promise<void> => {
  if (days.length === 0) return
  const column = <V>(of: (standing: Standing) => V): V[] => days.map(({ standing }) => of(standing))
  await tx.query(
    `INSERT INTO score_history
       (account_id, day, score, band, outcome, experience, coverage, partial, scorecard, scorecard_version)
     SELECT account_id, ${EPOCH} + day, score, band, outcome, experience, coverage, partial, $9, $10
     FROM unnest($1::uuid[], $2::int[], $3::float8[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::bool[])
       AS scored (account_id, day, score, band, outcome, experience, coverage, partial)
     ON CONFLICT (account_id, day) DO UPDATE SET
       score = excluded.score, band = excluded.band, outcome = excluded.outcome, experience = excluded.experience,
       coverage = excluded.coverage, partial = excluded.partial,
       scorecard = excluded.scorecard, scorecard_version = excluded.scorecard_version`,
    [
      days.map(({ accountId }) => accountId),
      column(({ day }) => day),
      column(({ score }) => score.score),
      column(({ bands }) => bands.band),
      column(({ score }) => score.outcome.score),
      column(({ score }) => score.experience.score),
      column(({ score }) => score.coverage),
      column(({ score }) => score.partial),
      scorecard.name,
      scorecard.version,
    ],
  )
}

interface PastRow {
  readonly account_id: string
  readonly day: Day
  readonly score: number
  readonly band: Band | null
}

const pastScore = (which: string, order: 'ASC' | 'DESC'): string => `(
  SELECT day - ${EPOCH} AS day, score, band FROM score_history AS past
  WHERE past.account_id = asked.account_id AND score IS NOT NULL AND ${which} ORDER BY past.day ${order} LIMIT 1)`

/** Per account the score of 7 days before `day`; else of the nearest earlier day, else of the nearest later one before `day`. */
export const readWeekAgo = async (
  tx: EntityManager,
  accounts: readonly { readonly accountId: string; readonly day: Day }[],
): Promise<ReadonlyMap<string, PastScore>> => {
  if (accounts.length === 0) return new Map()
  const rows = await tx.query<PastRow[]>(
    `SELECT asked.account_id, past.*
     FROM (SELECT account_id, ${EPOCH} + day AS day FROM unnest($1::uuid[], $2::int[]) AS of_day (account_id, day)) AS asked
     CROSS JOIN LATERAL (
       ${pastScore('past.day <= asked.day - 7', 'DESC')} UNION ALL
       ${pastScore('past.day > asked.day - 7 AND past.day < asked.day', 'ASC')} LIMIT 1) AS past`,
    [accounts.map(({ accountId }) => accountId), accounts.map(({ day }) => day)],
  )
  return new Map(rows.map(({ account_id, day, score, band }) => [account_id, { day, score, band }]))
}

/** Accounts that have facts and are not scored for `day` yet, in the order of their ids. */
export const readUnscored = async (
  database: Pick<EntityManager, 'query'>,
  day: Day,
  after: string | null,
  limit: number,
): Promise<readonly string[]> => {
  const rows = await database.query<{ account_id: string }[]>(
    `SELECT account_id FROM account LEFT JOIN account_score USING (account_id)
     WHERE (scored_day IS NULL OR scored_day < $1) AND ($2::uuid IS NULL OR account_id > $2)
       AND (newest_usage_at IS NOT NULL OR newest_ticket_at IS NOT NULL)
     ORDER BY account_id LIMIT $3`,
    [formatDay(day), after, limit],
  )
  return rows.map(({ account_id }) => account_id)
}
