// Many accounts at once, as people look at them.
import type { EntityManager } from 'typeorm'
import type { Standing } from '../domain/state.ts'

/** Accounts of one stage and standing. */
export interface Cell {
  readonly stage: string
  readonly standing: Standing
  readonly accounts: number
  readonly atRisk: number
}

const AT_RISK = `health ->> 'band' = 'red'`

export const readBoard = (tx: EntityManager, journey: string): Promise<Cell[]> =>
  tx.query<Cell[]>(
    `SELECT stage, standing, count(*)::int AS accounts, (count(*) FILTER (WHERE ${AT_RISK}))::int AS "atRisk"
     FROM account WHERE journey = $1 GROUP BY stage, standing ORDER BY stage, standing`,
    [journey],
  )

/** An account on a list. */
export interface AccountLine {
  readonly accountId: string
  readonly name: string | null
  readonly externalId: string | null
  readonly version: number
  readonly stage: string
  readonly since: string
  readonly standing: Standing
  readonly reason: string
  readonly atRisk: boolean
}

export interface LinesQuery {
  readonly journey: string
  readonly stage: string | null
  readonly standing: Standing | null
  readonly after: string | null
  readonly limit: number
}

/** In the order of account ids. */
export const readLines = (tx: EntityManager, query: LinesQuery): Promise<AccountLine[]> =>
  tx.query<AccountLine[]>(
    `SELECT account_id AS "accountId", profile ->> 'name' AS name, profile ->> 'externalId' AS "externalId", version,
       stage, state -> 'entries' -> -1 ->> 'at' AS since, standing,
       CASE WHEN standing IN ('dormant', 'stalled') THEN state -> 'flags' -> standing ->> 'reason'
         ELSE state -> 'pace' ->> 'reason' END AS reason,
       coalesce(${AT_RISK}, false) AS "atRisk"
     FROM account LEFT JOIN account_profile USING (account_id)
     WHERE journey = $1 AND ($2::text IS NULL OR stage = $2) AND ($3::text IS NULL OR standing = $3)
       AND ($4::uuid IS NULL OR account_id > $4)
     ORDER BY account_id LIMIT $5`,
    [query.journey, query.stage, query.standing, query.after, query.limit],
  )

/** What people noted of the milestones of an account, by milestone. */
export const readNotes = async (
  tx: EntityManager,
  accountId: string,
): Promise<ReadonlyMap<string, { readonly by: string; readonly note: string }>> => {
  const rows = await tx.query<{ milestone: string; by: string; note: string }[]>(
    `SELECT milestone, "by", note FROM manual_milestone WHERE account_id = $1`,
    [accountId],
  )
  return new Map(rows.map(({ milestone, by, note }) => [milestone, { by, note }]))
}
