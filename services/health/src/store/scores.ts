import type { AccountScored } from '@banso/contracts'
import type { EntityManager } from 'typeorm'
import { formatDay, type Day } from '@banso/platform'
import type { Yardstick } from '../domain/score.ts'
import { LONGEST_CATCH_UP_DAYS, type PastScore, scoreOf, type Standing } from '../domain/standing.ts'
import { plain, texts } from './columns.ts'
import { EPOCH } from './epoch.ts'
import { standingJson } from './standing-json.ts'

/** A standing, and the score as it is published. */
export interface ScoredStanding {
  readonly standing: Standing
  readonly scored: AccountScored
}

export interface AccountDay {
  readonly accountId: string
  readonly standing: Standing
}

const WRITE_SCORES = `
  WITH kept AS (
    INSERT INTO score_history (account_id, day, score, band, outcome, experience, coverage, partial, overridden,
      scorecard, scorecard_version, peers_on, points)
    SELECT account_id, ${EPOCH} + day, score, band, outcome, experience, coverage, partial, overridden,
      scorecard, scorecard_version, ${EPOCH} + peers_on, points::json
    FROM unnest($11::uuid[], $12::int[], $13::float8[], $14::text[], $15::float8[], $16::float8[], $17::float8[],
      $18::bool[], $19::bool[], $20::text[], $21::int[], $22::int[], $23::text[])
      AS scored (account_id, day, score, band, outcome, experience, coverage, partial, overridden,
        scorecard, scorecard_version, peers_on, points)
    ON CONFLICT (account_id, day) DO UPDATE SET
      score = excluded.score, band = excluded.band, outcome = excluded.outcome, experience = excluded.experience,
      coverage = excluded.coverage, partial = excluded.partial, overridden = excluded.overridden,
      scorecard = excluded.scorecard, scorecard_version = excluded.scorecard_version, peers_on = excluded.peers_on,
      points = excluded.points)
  INSERT INTO account_score
    (account_id, scored_day, scored, standing, score, band, coverage, scorecard, scorecard_version, peers_on)
  SELECT account_id, scored_day, scored::json, standing::json, score, band, coverage, scorecard, scorecard_version,
    ${EPOCH} + peers_on
  FROM unnest($1::uuid[], $2::date[], string_to_array($3, E'\\n'), string_to_array($4, E'\\n'),
    $5::float8[], $6::text[], $7::float8[], $8::text[], $9::int[], $10::int[])
    AS written (account_id, scored_day, scored, standing, score, band, coverage, scorecard, scorecard_version, peers_on)
  ON CONFLICT (account_id) DO UPDATE SET
    scored_day = excluded.scored_day, scored = excluded.scored, standing = excluded.standing,
    score = excluded.score, band = excluded.band, coverage = excluded.coverage,
    scorecard = excluded.scorecard, scorecard_version = excluded.scorecard_version, peers_on = excluded.peers_on`

/** Writes present scores, and the last score of each day; each account and day at most once. One statement. */
export const writeScores = async (
  tx: EntityManager,
  scores: readonly ScoredStanding[],
  days: readonly AccountDay[],
): Promise<void> => {
  if (scores.length + days.length === 0) return
  await tx.query(WRITE_SCORES, [...scoreColumns(scores), ...dayColumns(days)])
}

const scoreColumns = (scores: readonly ScoredStanding[]): string[] => [
  plain(scores.map(({ scored }) => scored.accountId)),
  plain(scores.map(({ scored }) => scored.day)),
  // Documents as lines of one text: elements of an array would have to be escaped.
  scores.map(({ scored }) => JSON.stringify(scored)).join('\n'),
  scores.map(({ standing }) => JSON.stringify(standingJson(standing))).join('\n'),
  plain(scores.map(({ scored }) => scored.score)),
  plain(scores.map(({ scored }) => scored.band)),
  plain(scores.map(({ scored }) => scored.coverage)),
  texts(scores.map(({ scored }) => scored.scorecard.name)),
  plain(scores.map(({ scored }) => scored.scorecard.version)),
  plain(scores.map(({ standing }) => standing.by?.peers)),
]

const dayColumns = (days: readonly AccountDay[]): string[] => {
  const column = (of: (standing: Standing) => Parameters<typeof plain>[0][number]): string =>
    plain(days.map(({ standing }) => of(standing)))
  return [
    plain(days.map(({ accountId }) => accountId)),
    column(({ day }) => day),
    column(scoreOf),
    column(({ bands }) => bands.band),
    column(({ score }) => score.outcome.score),
    column(({ score }) => score.experience.score),
    column(({ score }) => score.coverage),
    column(({ score }) => score.partial),
    column(({ override }) => override !== null),
    texts(days.map(({ standing }) => standing.by?.name ?? null)),
    column(({ by }) => by?.version),
    column(({ by }) => by?.peers),
    texts(days.map(({ standing }) => standing.ledger && JSON.stringify(standing.ledger.points))),
  ]
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

interface PastRow extends PastScore {
  readonly account_id: string
}

const pastScore = (which: string, order: 'ASC' | 'DESC'): string => `(
  SELECT day - ${EPOCH} AS day, score, band, points FROM score_history AS past
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
    [plain(accounts.map(({ accountId }) => accountId)), plain(accounts.map(({ day }) => day))],
  )
  return new Map(rows.map(({ account_id, ...past }) => [account_id, past]))
}

export interface Unscored {
  readonly accountId: string
  /** How many of them it has to be scored for. */
  readonly days: number
}

/** Accounts that have facts and are not scored for `day` by its yardstick yet, in the order of their ids. */
export const readUnscored = async (
  database: Pick<EntityManager, 'query'>,
  day: Day,
  { scorecard, peers }: Yardstick,
  after: string | null,
  limit: number,
): Promise<readonly Unscored[]> => {
  const rows = await database.query<{ account_id: string; days: number | null }[]>(
    `SELECT account_id, $1::date - scored_day AS days FROM account LEFT JOIN account_score USING (account_id)
     WHERE (scored_day IS NULL OR scored_day < $1 OR peers_on IS DISTINCT FROM ${EPOCH} + $4::int
         OR (scorecard, scorecard_version) IS DISTINCT FROM ($5::text, $6::int))
       AND ($2::uuid IS NULL OR account_id > $2)
       AND (newest_usage_at IS NOT NULL OR newest_ticket_at IS NOT NULL)
     ORDER BY account_id LIMIT $3`,
    [formatDay(day), after, limit, peers && peers.day, scorecard.name, scorecard.version],
  )
  return rows.map(({ account_id, days }) => ({
    accountId: account_id,
    days: Math.max(1, Math.min(days ?? 1, LONGEST_CATCH_UP_DAYS)),
  }))
}
